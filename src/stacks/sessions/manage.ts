import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isAlive } from "../../host/processes.ts";
import { listSessions, type SessionEntry, writeRecord } from "./folders.ts";
import { claim, removeSession } from "./remove.ts";
import type { Runtime } from "./runtime.ts";
import type { Service, Session } from "./session.ts";

const LAST_RUN = "last-run";

export interface Stopped {
  /** A line for each stack that was stopped. */
  readonly stopped: readonly string[];
  /** A line for each stack that was left alone, because the `lockbench` that owns it is still at work. */
  readonly left: readonly string[];
  /** Why others could not be stopped. */
  readonly failures: readonly unknown[];
}

/** Which stacks are meant; undefined: of every folder, of every scenario. */
export interface Which {
  readonly folder?: string | undefined;
  readonly scenario?: string | undefined;
}

/** Stops all stacks that are meant; for `lockbench down`. */
export async function stopSessions(runtime: Runtime, { folder, scenario }: Which): Promise<Stopped> {
  const entries = listSessions(runtime, folder).filter(
    ({ session }) => scenario === undefined || session.scenario === scenario,
  );
  const busy = entries.filter((entry) => inUseByOwner(runtime, entry));
  const idle = entries.filter((entry) => !busy.includes(entry));
  const ends = await Promise.allSettled(idle.map((entry) => stopOne(runtime, entry)));
  const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  const stopped = ends.flatMap((end) => (end.status === "fulfilled" ? end.value : []));
  return { stopped, left: busy.map(lineOfBusy), failures };
}

/** True while the process that started a stack still works with it or on it. */
function inUseByOwner(runtime: Runtime, { session }: SessionEntry): boolean {
  return (
    isAlive(runtime.processes, session.owner) && !(session.stays && session.ready) && session.owner.pid !== process.pid
  );
}

function lineOfBusy({ session }: SessionEntry): string {
  return `left alone: ${session.scenario} in ${session.folder}, still in use by lockbench (pid ${String(session.owner.pid)})`;
}

async function stopOne(runtime: Runtime, entry: SessionEntry): Promise<string[]> {
  const path = claim(runtime, basename(entry.path));
  if (path === undefined) return [];
  const where = `${entry.session.scenario} in ${entry.session.folder}`;
  try {
    const stopped = await removeSession(runtime, entry.session.id, path, entry.session);
    return [`stopped ${where}: ${stopped.length === 0 ? "nothing was running any more" : stopped.join(", ")}`];
  } catch (error) {
    // Back under its name, so that the next `down` finds it again.
    if (existsSync(path)) renameSync(path, entry.path);
    throw error;
  }
}

/** Makes a stack outlive its owner after all, for `--keep`. */
export function keepSession(runtime: Runtime, id: string): void {
  for (const { path, session } of listSessions(runtime))
    if (session.id === id) writeRecord(path, { ...session, stays: true });
}

/** Remembers which run a stack shows now, so that `verify` knows whether the live stack still tells of it. */
export function noteRun(runtime: Runtime, session: string, run: string): void {
  writeFileSync(join(runtime.folder, session, LAST_RUN), run, { mode: 0o600 });
}

/** The run that a stack was last used for, or undefined. */
export function lastRun(runtime: Runtime, session: string): string | undefined {
  try {
    return readFileSync(join(runtime.folder, session, LAST_RUN), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The services of a stack, the servers first; only one of them when it is named. */
export function servicesOf({ services }: Session, name?: string): Service[] {
  return services
    .filter((one) => name === undefined || one.name === name)
    .sort((one, other) => rank(one) - rank(other));
}

function rank({ role }: Service): number {
  return ["server", "redis", "tap"].indexOf(role);
}
