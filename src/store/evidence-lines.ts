import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

const CHUNK = 1024 * 1024;
const NEWLINE = 0x0a;

/** What reading one evidence file brought to light. */
export interface ReadReport {
  readonly sha256: string;
}

/**
 * Reads a file in chunks that each end with a whole line; the last may lack its newline.
 * @param take gets each chunk; it must not keep the buffer, which is used again
 * @throws the file system's error
 */
export function readChunks(path: string, take: (chunk: Buffer) => void): ReadReport {
  const hash = createHash("sha256");
  const descriptor = openSync(path, "r");
  try {
    let buffer = Buffer.allocUnsafe(CHUNK);
    let kept = 0;
    for (;;) {
      if (kept === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
      const read = readSync(descriptor, buffer, kept, buffer.length - kept, null);
      if (read === 0) break;
      hash.update(buffer.subarray(kept, kept + read));
      kept = handOver(buffer, kept + read, take);
    }
    if (kept > 0) take(buffer.subarray(0, kept));
    return { sha256: hash.digest("hex") };
  } finally {
    closeSync(descriptor);
  }
}

/** Hands over the whole lines and moves the rest to the front. Returns how much that is. */
function handOver(buffer: Buffer, filled: number, take: (chunk: Buffer) => void): number {
  const end = buffer.subarray(0, filled).lastIndexOf(NEWLINE) + 1;
  if (end === 0) return filled;
  take(buffer.subarray(0, end));
  buffer.copy(buffer, 0, end, filled);
  return filled - end;
}
