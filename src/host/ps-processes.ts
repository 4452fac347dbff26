import { spawnSync } from "node:child_process";
import type { Processes, ProcessView } from "./processes.ts";

/** Asks `ps`, for systems without /proc such as macOS. It tells neither working folders nor open files. */
export function psProcesses(): Processes {
  return { startTime, isStopped, all, groupAlive: (group) => all().some((one) => one.group === group) };
}

const COLUMNS = "pid=,pgid=,state=,lstart=,command=";
const LINE = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\w+\s+[\d:]+\s+\d+)\s+(.*)$/;

function startTime(pid: number): string | undefined {
  return list(["-p", String(pid)])[0]?.startTime;
}

function isStopped(pid: number): boolean {
  const answer = spawnSync("ps", ["-p", String(pid), "-o", "state="], { encoding: "utf8" });
  return answer.stdout.trim().startsWith("T");
}

function all(): ProcessView[] {
  return list(["-A"]);
}

function list(selection: readonly string[]): ProcessView[] {
  // `e` shows the environment behind the command line, for processes of the same user.
  const answer = spawnSync("ps", ["eww", ...selection, "-o", COLUMNS], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  return answer.stdout.split("\n").flatMap(viewOf);
}

function viewOf(line: string): ProcessView[] {
  const [, pid, group, state, started, command] = LINE.exec(line) ?? [];
  if (state === undefined || started === undefined || command === undefined || state.startsWith("Z")) return [];
  return [
    {
      pid: Number(pid),
      group: Number(group),
      startTime: started.replaceAll(/\s+/g, " "),
      commandLine: command,
      folder: undefined,
      hasEnvironment: (name, value) => command.split(" ").includes(`${name}=${value}`),
      writesInto: () => false,
    },
  ];
}
