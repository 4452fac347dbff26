import { type FrameReader, Frames, Illegible, NO_PAYLOAD } from "./frames.ts";
import { inlineWords } from "./inline-words.ts";
import { countIn, LONGEST_TEXT, textOf } from "./text.ts";

/** A command as far as it is of use: long words are cut, and of a great many only the first are kept. */
export interface Command {
  /** In capitals. */
  readonly name: string;
  readonly words: readonly string[];
  /** How many words it had, kept or not. */
  readonly count: number;
  /** True when a word begins with one of the prefixes of interest. */
  readonly touches: boolean;
  /** The whole text of the script of EVAL or SCRIPT LOAD; null when it has none, or none that can be kept. */
  readonly script: Buffer | null;
  /** Where in the stream it ends. */
  readonly end: number;
}

const STAR = 0x2a;
const DOLLAR = 0x24;
const MOST_WORDS = 1024;
const LONGEST_SCRIPT = 1024 * 1024;
/** What Redis accepts: more words, or a longer word, end the connection. */
const MOST_WORDS_OF_ALL = 2 ** 31;
const LONGEST_WORD = 2 ** 40;

/** Reads what clients send: arrays of bulk strings, and lines typed by hand. */
export class RequestParser implements FrameReader {
  readonly #frames = new Frames(this);
  readonly #prefixes: readonly string[];
  readonly #take: (command: Command) => void;
  #words: string[] = [];
  #count = 0;
  #expected = 0;
  #touches = false;
  #script: Buffer | null = null;

  constructor(prefixes: readonly string[], take: (command: Command) => void) {
    this.#prefixes = prefixes;
    this.#take = take;
  }

  /** @throws Illegible */
  feed(chunk: Buffer): void {
    this.#frames.feed(chunk);
  }

  endsWithNewline(first: number): boolean {
    return this.#expected === 0 && first !== STAR;
  }

  line(bytes: Buffer, from: number, to: number): number {
    if (this.#expected > 0) return wordLength(bytes, from, to);
    if (bytes[from] === STAR && to > from) {
      const count = countIn(bytes, from + 1, to);
      if (count >= MOST_WORDS_OF_ALL) throw new Illegible(`a command of ${String(count)} words`);
      this.#expected = Math.max(0, count);
    } else {
      for (const word of inlineWords(bytes.toString("utf8", from, to))) this.#word(word);
      if (this.#count > 0) this.#complete();
    }
    return NO_PAYLOAD;
  }

  wanted(): number {
    return this.#isScript() ? LONGEST_SCRIPT : LONGEST_TEXT;
  }

  payload(bytes: Buffer, from: number, to: number, length: number): void {
    if (this.#isScript() && to - from === length) {
      this.#script = Buffer.from(bytes.subarray(from, to));
      this.#word("");
    } else {
      this.#word(textOf(bytes, from, Math.min(to, from + LONGEST_TEXT), length));
    }
    if (this.#count === this.#expected) this.#complete();
  }

  #isScript(): boolean {
    if (this.#count === 0 || this.#count > 2) return false;
    const name = this.#words[0] ?? "";
    if (this.#count === 1) return /^eval(_ro)?$/i.test(name);
    return /^script$/i.test(name) && /^load$/i.test(this.#words[1] ?? "");
  }

  #word(word: string): void {
    this.#count += 1;
    if (this.#count <= MOST_WORDS) this.#words.push(word);
    if (!this.#touches && this.#count > 1) this.#touches = this.#prefixes.some((prefix) => word.startsWith(prefix));
  }

  #complete(): void {
    const command: Command = {
      name: (this.#words[0] ?? "").toUpperCase(),
      words: this.#words,
      count: this.#count,
      touches: this.#touches,
      script: this.#script,
      end: this.#frames.offset,
    };
    this.#words = [];
    this.#count = 0;
    this.#expected = 0;
    this.#touches = false;
    this.#script = null;
    this.#take(command);
  }
}

function wordLength(bytes: Buffer, from: number, to: number): number {
  if (bytes[from] !== DOLLAR) throw new Illegible("expected the length of a word");
  const length = countIn(bytes, from + 1, to);
  if (length < 0 || length > LONGEST_WORD) throw new Illegible(`a word of ${String(length)} bytes`);
  return length;
}
