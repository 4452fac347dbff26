import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const KEPT_BYTES = 16_384;

/** The last lines of a log file; none when nothing was written, or it is gone. */
export function logTail(file: string, lines = 15): string[] {
  const all = endOf(file)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  return all.slice(-lines);
}

function endOf(file: string): string {
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch {
    return "";
  }
  try {
    const size = fstatSync(handle).size;
    const buffer = Buffer.alloc(Math.min(size, KEPT_BYTES));
    const read = readSync(handle, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8", 0, read);
  } finally {
    closeSync(handle);
  }
}
