import type { WireReply } from "../../domain/wire.ts";
import { type FrameReader, Frames, Illegible, NO_PAYLOAD } from "./frames.ts";
import { scalarOf } from "./scalar.ts";
import { countIn, LONGEST_TEXT, textOf } from "./text.ts";

/** Who is handed the replies, pushed messages among them. */
export interface ReplyTaker {
  /** Whether the value of the next reply is of use; otherwise only an error keeps its text. */
  wants(): boolean;
  /** A reply, or a message that was pushed in RESP3; its last byte is at `end` of the stream. */
  take(value: WireReply, pushed: boolean, end: number): void;
}

/** A collection, or a string in pieces, that is not complete. */
interface Open {
  readonly type: string;
  /** Elements or bytes' pieces still to come; Infinity while only the end mark will tell. */
  left: number;
  readonly items: WireReply[];
}

/** RESP2 and RESP3: what follows a type mark. */
const PAYLOADS = "$!=";
const COLLECTIONS = "*%~>|";
const PAIRS = "%|";
const ATTRIBUTES = "|";
const PUSH = ">";
const PIECE = ";";
const END_MARK = ".";
const STREAMED = "?".charCodeAt(0);
/** Of a larger reply only so many elements are kept. */
const MOST_ELEMENTS = 4096;
const DEEPEST = 1000;

/** Reads what a node sends, in RESP2 or RESP3, in whatever pieces it comes. */
export class ReplyParser implements FrameReader {
  readonly #frames = new Frames(this);
  readonly #taker: ReplyTaker;
  readonly #open: Open[] = [];
  #payloadType = "";
  #keeping = false;
  #begun = false;
  #elements = 0;

  constructor(taker: ReplyTaker) {
    this.#taker = taker;
  }

  /** @throws Illegible */
  feed(chunk: Buffer): void {
    this.#frames.feed(chunk);
  }

  endsWithNewline(): boolean {
    return false;
  }

  line(bytes: Buffer, from: number, to: number): number {
    if (!this.#begun) this.#begin();
    const type = String.fromCharCode(bytes[from] ?? 0);
    if (type === PIECE) return this.#piece(bytes, from, to);
    if (type === END_MARK) return this.#endMark();
    if (PAYLOADS.includes(type)) return this.#payloadOf(type, bytes, from, to);
    if (COLLECTIONS.includes(type)) return this.#collection(type, bytes, from, to);
    this.#value(scalarOf(type, bytes, from + 1, to));
    return NO_PAYLOAD;
  }

  wanted(): number {
    return this.#keeping || this.#payloadType === "!" ? LONGEST_TEXT : 0;
  }

  payload(bytes: Buffer, from: number, to: number, length: number): void {
    const type = this.#payloadType;
    const text = to > from ? textOf(bytes, from, to, length) : "";
    if (type === PIECE) this.#open.at(-1)?.items.push(text);
    // The first four letters of a verbatim string say what it is, as in "txt:".
    else this.#value(type === "!" ? { error: text } : type === "=" ? text.slice(4) : text);
  }

  #begin(): void {
    this.#begun = true;
    this.#elements = 0;
    this.#keeping = this.#taker.wants();
  }

  #payloadOf(type: string, bytes: Buffer, from: number, to: number): number {
    if (bytes[from + 1] === STREAMED) return this.#enter(type, Number.POSITIVE_INFINITY);
    const length = countIn(bytes, from + 1, to);
    if (length >= 0) {
      this.#payloadType = type;
      return length;
    }
    this.#value(null);
    return NO_PAYLOAD;
  }

  #collection(type: string, bytes: Buffer, from: number, to: number): number {
    const streamed = bytes[from + 1] === STREAMED;
    const count = streamed ? Number.POSITIVE_INFINITY : countIn(bytes, from + 1, to);
    if (count < 0) this.#value(null);
    else this.#enter(type, PAIRS.includes(type) ? 2 * count : count);
    return NO_PAYLOAD;
  }

  #enter(type: string, left: number): number {
    if (this.#open.length >= DEEPEST) throw new Illegible("a reply that is nested without end");
    this.#open.push({ type, left, items: [] });
    if (left === 0) this.#leave();
    return NO_PAYLOAD;
  }

  #piece(bytes: Buffer, from: number, to: number): number {
    if (this.#open.at(-1)?.type !== "$") throw new Illegible("a piece of no string");
    const length = countIn(bytes, from + 1, to);
    if (length > 0) {
      this.#payloadType = PIECE;
      return length;
    }
    this.#leave();
    return NO_PAYLOAD;
  }

  #endMark(): number {
    const open = this.#open.at(-1);
    if (open?.left !== Number.POSITIVE_INFINITY || open.type === "$") throw new Illegible("an end without a beginning");
    this.#leave();
    return NO_PAYLOAD;
  }

  #leave(): void {
    const open = this.#open.pop();
    if (open === undefined) return;
    if (open.type === PUSH && this.#open.length === 0) this.#complete(open.items, true);
    else if (open.type !== ATTRIBUTES) this.#value(open.type === "$" ? textFrom(open.items) : open.items);
  }

  #value(value: WireReply): void {
    const open = this.#open.at(-1);
    if (open === undefined) {
      this.#complete(value, false);
      return;
    }
    if (open.type === "$") throw new Illegible("a string that is cut short");
    this.#elements += 1;
    if (this.#keeping && this.#elements <= MOST_ELEMENTS) open.items.push(value);
    open.left -= 1;
    if (open.left === 0) this.#leave();
  }

  #complete(value: WireReply, pushed: boolean): void {
    this.#begun = false;
    this.#taker.take(value, pushed, this.#frames.offset);
  }
}

function textFrom(pieces: readonly WireReply[]): string {
  const text = pieces.map(String).join("");
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
