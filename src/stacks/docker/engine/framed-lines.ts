import { LineSplitter } from "./line-splitter.ts";

/** Stream type (1 standard output, 2 standard error), three bytes of nothing, length (big-endian). */
const HEADER_BYTES = 8;
const LENGTH_AT = 4;

/**
 * The lines in the frames in which the engine sends standard output and
 * standard error over one connection. A line that one of them has begun is not
 * mixed with the other's.
 * https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
 */
export async function* framedLines(stream: AsyncIterable<unknown>): AsyncGenerator<string> {
  const splitters = new Map<number, LineSplitter>();
  let unread: Buffer = Buffer.alloc(0);
  for await (const part of stream) {
    unread = unread.length === 0 ? (part as Buffer) : Buffer.concat([unread, part as Buffer]);
    while (unread.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + unread.readUInt32BE(LENGTH_AT);
      if (unread.length < end) break;
      const kind = unread.readUInt8(0);
      const splitter = splitters.get(kind) ?? new LineSplitter();
      splitters.set(kind, splitter);
      yield* splitter.take(unread.subarray(HEADER_BYTES, end));
      unread = unread.subarray(end);
    }
  }
  for (const splitter of splitters.values()) yield* splitter.end();
}
