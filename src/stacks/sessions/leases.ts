import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownIdentity } from "../../host/processes.ts";
import { identityWord, namesIn, namesLivingProcess } from "./folders.ts";
import type { Runtime } from "./runtime.ts";

const PREFIX = "used-by-";

/**
 * Keeps two runs from sharing one staying stack, where each would seed away the
 * other's sale. Every user puts down a mark first and looks around second, so of
 * two at the same moment at most one goes on. The mark of a dead process is void.
 * @returns false while another living process uses the stack, or when it is gone
 */
export function takeLease(runtime: Runtime, path: string): boolean {
  if (!putMark(join(path, leaseName(runtime)))) return false;
  if (othersUsing(runtime, path).length === 0) return true;
  releaseLease(runtime, path);
  return false;
}

/** @returns false when the stack has just been removed */
function putMark(file: string): boolean {
  try {
    writeFileSync(file, "", { mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

export function releaseLease(runtime: Runtime, path: string): void {
  rmSync(join(path, leaseName(runtime)), { force: true });
}

/** The pids of other living processes that use the stack. */
export function othersUsing(runtime: Runtime, path: string): number[] {
  const mine = leaseName(runtime);
  return namesIn(path)
    .filter((name) => name.startsWith(PREFIX) && name !== mine && namesLivingProcess(runtime, name))
    .map((name) => Number.parseInt(name.slice(PREFIX.length), 10));
}

function leaseName(runtime: Runtime): string {
  return PREFIX + identityWord(ownIdentity(runtime.processes));
}
