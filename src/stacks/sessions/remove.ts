import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LockbenchError } from "../../domain/errors.ts";
import { ownIdentity } from "../../host/processes.ts";
import { identityWord, namesIn, namesLivingProcess, readRecord } from "./folders.ts";
import { othersUsing } from "./leases.ts";
import { releasePorts } from "./ports.ts";
import type { Runtime } from "./runtime.ts";
import type { Session } from "./session.ts";
import { stopServices, stopStrays } from "./stop.ts";

const CLAIMED = ".dying-";

/** Stops every process and container of a session and forgets it. @returns what was still running */
export async function removeSession(
  runtime: Runtime,
  id: string,
  path: string,
  session: Session | undefined,
): Promise<string[]> {
  const containers =
    session === undefined ? await removeUnrecorded(runtime, id) : await removeRecorded(runtime, session);
  const stopped = await stopServices(runtime, session?.services ?? []);
  const strays = await stopStrays(runtime, id, path);
  releasePorts(runtime, id);
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  return [...containers, ...stopped, ...strays.map((pid) => `pid ${String(pid)}`)];
}

async function removeRecorded(runtime: Runtime, session: Session): Promise<string[]> {
  return session.engine === null ? [] : runtime.containers.remove(session);
}

/** Without its record nobody knows whether it had containers: they would carry its id. */
async function removeUnrecorded(runtime: Runtime, id: string): Promise<string[]> {
  return runtime.containers.remove({ id, engine: null }).catch((error: unknown) => {
    if (error instanceof LockbenchError && error.code === "NO_ENGINE") return [];
    throw error;
  });
}

/**
 * Makes a session ours to remove. Renaming is what decides when two commands
 * want the same one: only one of them finds it under its old name.
 * @returns the session's new path, or undefined when somebody else was faster
 */
export function claim(runtime: Runtime, name: string): string | undefined {
  const claimed = join(runtime.folder, `${CLAIMED}${idOf(name)}~${identityWord(ownIdentity(runtime.processes))}`);
  try {
    renameSync(join(runtime.folder, name), claimed);
    return claimed;
  } catch (error) {
    if (!existsSync(join(runtime.folder, name))) return undefined;
    throw error;
  }
}

/** The session's id in a folder's name, claimed or not. */
export function idOf(name: string): string {
  return name.replace(CLAIMED, "").replace(/~.*$/, "");
}

/** Folders of sessions that nobody will take down any more. */
export function abandoned(runtime: Runtime): string[] {
  return namesIn(runtime.folder).filter((name) => {
    if (name.startsWith(CLAIMED)) return !namesLivingProcess(runtime, name.replace(/^.*~/, ""));
    if (name.startsWith(".new-")) return !namesLivingProcess(runtime, name);
    return name.startsWith("lb-") && isAbandoned(runtime, name);
  });
}

function isAbandoned(runtime: Runtime, name: string): boolean {
  if (namesLivingProcess(runtime, name)) return false;
  const session = readRecord(join(runtime.folder, name));
  if (session === undefined || !session.stays || !session.ready) return true;
  // Its run was killed while a fault was in force: something in it is frozen, dead or cut off.
  return session.inFault && othersUsing(runtime, join(runtime.folder, name)).length === 0;
}
