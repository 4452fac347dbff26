import { LockbenchError } from "../../domain/errors.ts";
import { abandoned, claim, idOf, removeSession } from "./remove.ts";
import { readRecord } from "./folders.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Stops and removes what commands that were killed have left behind. Called at
 * the start of every command; several may do so at once.
 * @returns a line for each session that was removed
 */
export async function reap(runtime: Runtime): Promise<string[]> {
  const lines = await Promise.all(abandoned(runtime).map((name) => reapOne(runtime, name)));
  return lines.flat();
}

async function reapOne(runtime: Runtime, name: string): Promise<string[]> {
  const path = claim(runtime, name);
  if (path === undefined) return [];
  const session = readRecord(path);
  const where =
    session === undefined
      ? "a session whose record cannot be read"
      : `a lockbench in ${session.folder} (pid ${String(session.owner.pid)})`;
  try {
    const stopped = await removeSession(runtime, idOf(name), path, session);
    return [
      `removed what ${where} left behind: ${stopped.length === 0 ? "its files, nothing of it was running any more" : stopped.join(", ")}`,
    ];
  } catch (error) {
    // Its engine may be down: that must not keep this command from its work, and the next one tries again.
    if (!(error instanceof LockbenchError)) throw error;
    return [`could not remove what ${where} left behind: ${error.message}`];
  }
}
