import { Answer, KEPT_BODY_BYTES } from "./answer.ts";
import type { HttpParser } from "./client.ts";

export interface AnswerSink {
  /** @param reusable false when the connection must not carry another request */
  answered(answer: Answer, reusable: boolean): void;
  /** What came is no HTTP, or nobody had asked for it. */
  garbled(reason: string): void;
}

const STATUS_LINE_START = "HTTP/";

/**
 * Turns what http-parser-js finds into whole answers. autocannon's own callbacks
 * are replaced, because they take `100 Continue` for the answer, decode a body
 * piece by piece (which breaks letters at the seams), crash on an answer that
 * nobody asked for, and ignore errors of the parser.
 */
export class AnswerParser {
  readonly #parser: HttpParser;
  readonly #sink: AnswerSink;
  readonly #bodiless: boolean;
  readonly #execute: HttpParser["execute"];
  #expecting = false;
  #fault: string | undefined;
  #pieces: Buffer[] = [];
  #kept = 0;

  constructor(parser: HttpParser, method: string, sink: AnswerSink) {
    this.#parser = parser;
    this.#sink = sink;
    this.#bodiless = method === "HEAD";
    this.#execute = parser.execute.bind(parser);
    const { kOnHeaders, kOnHeadersComplete, kOnBody, kOnMessageComplete } = parser.constructor;
    parser[kOnHeaders] = () => undefined;
    parser[kOnHeadersComplete] = () => this.#headersComplete();
    parser[kOnBody] = (piece: Buffer) => this.#keep(piece);
    parser[kOnMessageComplete] = () => this.#complete();
    parser.execute = (chunk) => this.#read(chunk);
  }

  /** Forgets half an answer of an earlier connection. */
  reset(): void {
    this.#expecting = false;
    this.#parser.reinitialize(this.#parser.constructor.RESPONSE);
  }

  /** A request has been written: the next answer is its answer. */
  expect(): void {
    this.#expecting = true;
    this.#fault = undefined;
    this.#pieces = [];
    this.#kept = 0;
  }

  /** The server has closed the connection, which is how an answer without a length ends. */
  finish(): void {
    if (this.#expecting) this.#parser.finish();
  }

  #read(chunk: Buffer): number | Error {
    if (!this.#expecting) {
      this.#sink.garbled("an answer that nobody asked for");
      return chunk.length;
    }
    const result = this.#execute(chunk);
    const fault = result instanceof Error || this.#startsLikeGarbage() ? "an answer that is not HTTP" : this.#fault;
    // Once the answer is complete, what follows it is no part of any attempt.
    if (fault !== undefined && this.#isExpecting()) this.#sink.garbled(fault);
    return result;
  }

  /** The parser waits for the end of a line before it looks at it, and garbage may have none. */
  #startsLikeGarbage(): boolean {
    const { state, line } = this.#parser;
    return state === "RESPONSE_LINE" && !line.startsWith(STATUS_LINE_START.slice(0, line.length));
  }

  /** @returns whether the parser is to expect no body, whatever the headers say */
  #headersComplete(): boolean {
    const status = this.#status();
    const bytes = this.#parser.body_bytes;
    // A length such as "abc" would pass as an empty body.
    if (bytes !== null && !(Number.isSafeInteger(bytes) && bytes >= 0))
      this.#fault = "an answer with an impossible length";
    return this.#bodiless || status < 200 || status === 204 || status === 304 || this.#fault !== undefined;
  }

  #keep(piece: Buffer): void {
    const kept = piece.subarray(0, KEPT_BODY_BYTES - this.#kept);
    if (kept.length === 0) return;
    this.#pieces.push(kept);
    this.#kept += kept.length;
  }

  #complete(): void {
    const status = this.#status();
    // Interim answers (100 Continue, 103 Early Hints) announce the real one.
    if (!this.#expecting || status < 200 || this.#fault !== undefined) return;
    this.#expecting = false;
    const [first = Buffer.alloc(0), ...more] = this.#pieces;
    const body = more.length === 0 ? first : Buffer.concat(this.#pieces);
    this.#sink.answered(new Answer(status, body), this.#isReusable());
  }

  /** Bytes behind the answer would be taken for the next one. */
  #isReusable(): boolean {
    const { info, offset, end } = this.#parser;
    return info.shouldKeepAlive === true && offset === end;
  }

  /** A method, because the parser's callbacks change it behind the compiler's back. */
  #isExpecting(): boolean {
    return this.#expecting;
  }

  #status(): number {
    return this.#parser.info.statusCode ?? 0;
  }
}
