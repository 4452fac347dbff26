import { readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../host/folders.ts";
import type { ProcessIdentity } from "../host/processes.ts";
import { partialFolder, writerOf } from "./layout.ts";
import { isRunId } from "./run-id.ts";
import { storeError } from "./store-error.ts";

/** A run needs more than this, but a disk that cannot take even so much is full. */
const PROBE_BYTES = 64 * 1024;

/**
 * Makes the folder if it is missing and proves by a real write that it takes data.
 * @throws LockbenchError (exit 5): read-only, in the way, disk full
 */
export function proveWritable(folder: string, writer: ProcessIdentity): void {
  try {
    makeFolder(folder);
    const probe = partialFolder(folder, "write-probe", writer);
    try {
      writeFileSync(probe, Buffer.alloc(PROBE_BYTES, 1));
    } finally {
      rmSync(probe, { force: true });
    }
    proveSpace(folder);
  } catch (error) {
    throw storeError("results cannot be written", folder, error);
  }
}

/** Some file systems take a small write even when they are full, and refuse the next. */
function proveSpace(folder: string): void {
  const disk = statfsSync(folder);
  if (disk.blocks > 0 && disk.bfree === 0) {
    throw Object.assign(new Error("no free block on its disk"), { code: "ENOSPC" });
  }
}

/** Ids of the runs that are complete, oldest first. A missing folder holds none. */
export function runIds(folder: string): string[] {
  return entries(folder).filter(isRunId).sort();
}

/**
 * Removes what writers that died have left half-written.
 * @returns a line for each folder that was removed
 */
export function removeStale(folder: string, isAlive: (writer: ProcessIdentity) => boolean): string[] {
  const stale = entries(folder).filter((name) => {
    const writer = writerOf(name);
    return writer !== undefined && !isAlive(writer);
  });
  try {
    // Retries, because another lockbench may be removing the same folder at this moment.
    for (const name of stale) rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    throw storeError("a half-written run cannot be removed", folder, error);
  }
  return stale.map((name) => `removed what a process that died had half written: ${join(folder, name)}`);
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw storeError("results cannot be read", folder, error);
  }
}
