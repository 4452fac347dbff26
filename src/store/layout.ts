import { join } from "node:path";
import type { ProcessIdentity } from "../host/processes.ts";

/** The files of a run's folder; docs/evidence.md describes them. */
export const RECORD_FILE = "record.json";
export const PLAN_FILE = "plan.json";
export const ATTEMPTS_FILE = "attempts.csv";
export const PURCHASES_FILE = "purchases.ndjson";
export const STOCK_FILE = "stock.json";
export const LOCKS_FILE = "locks.json";
export const FAULTS_FILE = "faults.json";
export const WIRE_FILE = "wire.ndjson";

/** The summary of every run, beside the runs' folders. */
export const DATABASE_FILE = "lockbench.db";

export function runFolder(results: string, id: string): string {
  return join(results, id);
}

/** Where a run is written until it is complete. The name says who writes, so that a dead writer's folder can be removed. */
export function partialFolder(results: string, id: string, writer: ProcessIdentity): string {
  return join(results, `.${id}.${String(writer.pid)}-${spelled(writer.startTime)}.partial`);
}

/** Who writes the partial folder of this name; undefined for any other name. */
export function writerOf(name: string): ProcessIdentity | undefined {
  const match = /^\..+\.(\d+)-([\w%-]*)\.partial$/.exec(name);
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { pid: Number(match[1]), startTime: unspelled(match[2]) };
}

/** A start time is an opaque word, and not every word is a file name. */
function spelled(word: string): string {
  return word.replace(/[^\w-]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function unspelled(text: string): string {
  return text.replace(/%([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
