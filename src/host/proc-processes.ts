import { constants, readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Processes, ProcessView } from "./processes.ts";

/** Reads /proc, as Linux lays it out (man 5 proc). */
export function procProcesses(): Processes {
  return {
    startTime: (pid) => readStat(pid)?.startTime,
    isStopped: (pid) => /^t$/i.test(readStat(pid)?.state ?? ""),
    all,
    groupAlive,
  };
}

interface Stat {
  readonly startTime: string;
  /** One letter. */
  readonly state: string;
  readonly group: number;
}

function readStat(pid: number): Stat | undefined {
  const text = readOrEmpty(`/proc/${String(pid)}/stat`);
  // The name in brackets may itself hold spaces and brackets, so fields are counted from the last one.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields[0] ?? "";
  const startTime = fields[19];
  if (startTime === undefined || state === "Z" || state === "X") return undefined;
  return { startTime, state, group: Number(fields[2]) };
}

function all(): ProcessView[] {
  const views: ProcessView[] = [];
  for (const pid of pids()) {
    const stat = readStat(pid);
    if (stat !== undefined) views.push(viewOf(pid, stat));
  }
  return views;
}

function groupAlive(group: number): boolean {
  return pids().some((pid) => readStat(pid)?.group === group);
}

function pids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function viewOf(pid: number, stat: Stat): ProcessView {
  const folder = `/proc/${String(pid)}`;
  return {
    pid,
    ...stat,
    get commandLine() {
      return readOrEmpty(`${folder}/cmdline`).replaceAll("\0", " ").trim();
    },
    get folder() {
      return readLink(`${folder}/cwd`);
    },
    hasEnvironment: (name, value) => readOrEmpty(`${folder}/environ`).split("\0").includes(`${name}=${value}`),
    writesInto: (into) => openFiles(folder).some((file) => file.path.startsWith(`${into}/`) && file.written),
  };
}

interface OpenFile {
  readonly path: string;
  readonly written: boolean;
}

function openFiles(folder: string): OpenFile[] {
  return namesOrNone(`${folder}/fd`).map((descriptor) => ({
    path: readLink(`${folder}/fd/${descriptor}`) ?? "",
    get written() {
      const flags = /^flags:\s+(\d+)$/m.exec(readOrEmpty(`${folder}/fdinfo/${descriptor}`))?.[1] ?? "0";
      return (Number.parseInt(flags, 8) & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
    },
  }));
}

/** A process may end between any two looks at it, and those of others may not be read: both look like nothing. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function readLink(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

function namesOrNone(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
