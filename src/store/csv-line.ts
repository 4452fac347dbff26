const COMMA = 0x2c;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const ZERO = 0x30;
const NINE = 0x39;
/** Longer runs of digits may exceed 2^53, where adding digit by digit is no longer exact. */
const EXACT_DIGITS = 15;

/**
 * Walks the lines and fields of CSV without quotes, byte by byte: cutting a
 * million lines into strings costs more than all the checks together.
 */
export class CsvLines {
  readonly #bytes: Buffer;
  #line = 0;
  #next = 0;
  /** Where each field of the current line begins; the entry after the last field is one past its comma. */
  readonly #starts: number[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Goes to the next line. @returns false at the end */
  advance(): boolean {
    if (this.#next >= this.#bytes.length) return false;
    this.#line = this.#next;
    this.#starts.length = 0;
    this.#starts.push(this.#line);
    let at = this.#line;
    while (at < this.#bytes.length && this.#bytes[at] !== NEWLINE) {
      if (this.#bytes[at] === COMMA) this.#starts.push(at + 1);
      at += 1;
    }
    this.#next = at + 1;
    this.#starts.push(1 + (at > this.#line && this.#bytes[at - 1] === RETURN ? at - 1 : at));
    return true;
  }

  get fields(): number {
    return this.#starts.length - 1;
  }

  /** The whole line, for messages. */
  text(): string {
    return this.#bytes.toString("utf8", this.#line, Math.min(this.#next - 1, this.#bytes.length));
  }

  field(index: number): string {
    return this.#bytes.toString("latin1", this.#starts[index], (this.#starts[index + 1] ?? 0) - 1);
  }

  isEmpty(index: number): boolean {
    return (this.#starts[index + 1] ?? 0) - 1 <= (this.#starts[index] ?? 0);
  }

  /** A field as a number; NaN when it is empty or no number. */
  number(index: number): number {
    const from = this.#starts[index] ?? 0;
    const to = (this.#starts[index + 1] ?? 0) - 1;
    if (to <= from) return Number.NaN;
    if (to - from > EXACT_DIGITS) return this.#slowNumber(index);
    let value = 0;
    for (let at = from; at < to; at += 1) {
      const byte = this.#bytes[at] ?? 0;
      if (byte < ZERO || byte > NINE) return this.#slowNumber(index);
      value = value * 10 + (byte - ZERO);
    }
    return value;
  }

  #slowNumber(index: number): number {
    const text = this.field(index);
    return text.trim() === "" ? Number.NaN : Number(text);
  }
}
