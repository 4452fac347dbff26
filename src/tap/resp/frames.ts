/** What follows cannot be understood: it is no RESP, or uses it in a way that the tap cannot follow. */
export class Illegible extends Error {
  override readonly name = "Illegible";
}

/** Says that no payload follows a line. */
export const NO_PAYLOAD = -1;

const CR = 0x0d;
const LF = 0x0a;
/** Redis takes inline commands of up to 64 KiB; status and error lines are shorter still. */
const LONGEST_LINE = 1024 * 1024;

/** Makes sense of lines and payloads. Bytes are only lent: what is kept must be copied. */
export interface FrameReader {
  /** True when a line that begins with this byte may end with a bare newline, as typed by a person. */
  endsWithNewline(first: number): boolean;
  /**
   * A line without its end.
   * @returns how many bytes of payload follow it, or NO_PAYLOAD
   * @throws Illegible
   */
  line(bytes: Buffer, from: number, to: number): number;
  /** How many bytes at the beginning of a payload are of use. */
  wanted(length: number): number;
  /** A payload of so many bytes is complete; from..to is as much of its beginning as was wanted. */
  payload(bytes: Buffer, from: number, to: number, length: number): void;
}

/** Cuts a stream, in whatever chunks it comes, into lines and payloads. Long payloads are counted, not kept. */
export class Frames {
  readonly #reader: FrameReader;
  #read = 0;
  #offset = 0;
  #carry: Buffer | undefined;
  /** Bytes until the payload and its CRLF have passed; NO_PAYLOAD while a line is expected. */
  #left = NO_PAYLOAD;
  #length = 0;
  #kept: Buffer[] = [];
  #toKeep = 0;

  constructor(reader: FrameReader) {
    this.#reader = reader;
  }

  /** Where in the stream the line or payload ends that the reader was handed last. */
  get offset(): number {
    return this.#offset;
  }

  /** @throws Illegible */
  feed(chunk: Buffer): void {
    const carry = this.#carry;
    this.#carry = undefined;
    this.#read += chunk.length;
    const bytes = carry === undefined ? chunk : Buffer.concat([carry, chunk]);
    const base = this.#read - bytes.length;
    let at = 0;
    while (at < bytes.length) {
      at = this.#left === NO_PAYLOAD ? this.#line(bytes, at, base) : this.#payload(bytes, at, base);
    }
  }

  #line(bytes: Buffer, from: number, base: number): number {
    const newline = endOfLine(bytes, from, this.#reader.endsWithNewline(bytes[from] ?? 0));
    if (newline === -1) {
      if (bytes.length - from > LONGEST_LINE) throw new Illegible("a line without end");
      this.#carry = Buffer.from(bytes.subarray(from));
      return bytes.length;
    }
    const next = newline + 1;
    this.#offset = base + next;
    const to = newline > from && bytes[newline - 1] === CR ? newline - 1 : newline;
    this.#expect(this.#reader.line(bytes, from, to));
    return next;
  }

  #expect(length: number): void {
    if (length === NO_PAYLOAD) return;
    this.#length = length;
    this.#left = length + 2;
    this.#toKeep = Math.min(length, this.#reader.wanted(length));
  }

  #payload(bytes: Buffer, from: number, base: number): number {
    const whole = this.#left === this.#length + 2;
    const next = from + Math.min(this.#left, bytes.length - from);
    this.#left -= next - from;
    this.#offset = base + next;
    if (whole && this.#left === 0) {
      this.#left = NO_PAYLOAD;
      this.#reader.payload(bytes, from, from + this.#toKeep, this.#length);
    } else {
      this.#keep(bytes, from, next);
    }
    return next;
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    const part = Buffer.from(bytes.subarray(from, Math.min(to, from + this.#toKeep)));
    if (part.length > 0) this.#kept.push(part);
    this.#toKeep -= part.length;
    if (this.#left > 0) return;
    const kept = Buffer.concat(this.#kept);
    this.#kept = [];
    this.#left = NO_PAYLOAD;
    this.#reader.payload(kept, 0, kept.length, this.#length);
  }
}

function endOfLine(bytes: Buffer, from: number, bareNewline: boolean): number {
  for (let at = from; at < bytes.length; at += 1) {
    if (bytes[at] === LF && (bareNewline || (at > from && bytes[at - 1] === CR))) return at;
  }
  return -1;
}
