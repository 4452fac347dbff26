/** What a process is known by: its number alone may have been given to somebody else since. */
export interface ProcessIdentity {
  readonly pid: number;
  /** An opaque word for the moment it started, equal only for the same process. */
  readonly startTime: string;
}

/** What can be seen of a running process. */
export interface ProcessView extends ProcessIdentity {
  readonly group: number;
  /** "" where it may not be read. */
  readonly commandLine: string;
  /** Its working folder; undefined where it may not be read. */
  readonly folder: string | undefined;
  /** True when it was started with NAME=value in its environment. */
  hasEnvironment(name: string, value: string): boolean;
  /** True when it has a file in this folder open for writing; false where that may not be read. */
  writesInto(folder: string): boolean;
}

/** The processes of this machine. A zombie counts as dead everywhere here. */
export interface Processes {
  /** undefined when there is no such process (any more). */
  startTime(pid: number): string | undefined;
  /** True for one that was stopped in its tracks, as by SIGSTOP or a debugger. */
  isStopped(pid: number): boolean;
  /** Every living process that can be seen. */
  all(): readonly ProcessView[];
  groupAlive(group: number): boolean;
}

export function isAlive(processes: Processes, who: ProcessIdentity): boolean {
  return processes.startTime(who.pid) === who.startTime;
}

/** The identity of this very process. */
export function ownIdentity(processes: Processes): ProcessIdentity {
  return { pid: process.pid, startTime: processes.startTime(process.pid) ?? "unknown" };
}

/**
 * Sends a signal to a process, or to a whole group when `to` is negative; 0 only asks.
 * @returns false when nobody was there to receive it
 */
export function send(to: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(to, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
