import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface Found {
  readonly pid: number;
  readonly commandLine: string;
}

/**
 * Every living process that was started with this runtime folder in its
 * environment, or works inside it: lockbench itself, servers, Redis nodes.
 */
export function processesOf(runtime: string): Found[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => belongs(pid, runtime) && !isZombie(pid))
    .map((pid) => ({ pid: Number(pid), commandLine: read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim() }));
}

function belongs(pid: string, runtime: string): boolean {
  return (
    read(`/proc/${pid}/environ`).split("\0").includes(`LOCKBENCH_RUNTIME_DIR=${runtime}`) ||
    workingFolder(pid).startsWith(`${runtime}/`)
  );
}

function isZombie(pid: string): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat === "" || stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
}

/** A process may end between two looks at it: then there is nothing to see. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}
