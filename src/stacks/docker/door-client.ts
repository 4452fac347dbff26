import type { BoundStatement, DoorAnswer, DoorRequest } from "./door/protocol.ts";

/** Where questions are written. What keeps a process alive can be told not to. */
export interface DoorStream {
  write(text: string): unknown;
  destroy?(): unknown;
  ref?(): unknown;
  unref?(): unknown;
}

interface Waiting {
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** An answer of which not all bytes have arrived. */
interface Arriving {
  readonly answer: DoorAnswer;
  readonly parts: Buffer[];
  missing: number;
}

type Wanted = { readonly want: "copy" } | { readonly want: "change"; readonly statements: readonly BoundStatement[] };

const LINE_END = 0x0a;
/** Longer than SQLite waits for a lock, and than any copy takes. */
const ANSWER_WITHIN_MS = 15_000;

/** Our side of the door: asks, and puts the answers together again from the bytes that arrive. */
export class DoorClient {
  readonly #out: DoorStream;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #line: Buffer = Buffer.alloc(0);
  #arriving: Arriving | undefined;
  #gone: Error | undefined;

  constructor(out: DoorStream) {
    this.#out = out;
    this.#rest();
  }

  get isGone(): boolean {
    return this.#gone !== undefined;
  }

  ask(file: string, wanted: Wanted): Promise<Buffer> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    const id = ++this.#asked;
    const request: DoorRequest = { id, file, ...wanted };
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.fail(new Error(`no answer about ${file} from its container in ${String(ANSWER_WITHIN_MS / 1000)} s`));
      }, ANSWER_WITHIN_MS);
      const ended = <Value>(settle: (value: Value) => void) => {
        return (value: Value): void => {
          clearTimeout(late);
          settle(value);
        };
      };
      this.#waiting.set(id, { resolve: ended(resolve), reject: ended(reject) });
      // Whoever waits for an answer keeps the process alive; an idle door does not.
      this.#out.ref?.();
      this.#out.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Takes what the program behind the door has written. */
  take(part: Buffer): void {
    let rest: Buffer = part;
    try {
      while (rest.length > 0) rest = this.#arriving === undefined ? this.#takeLine(rest) : this.#takeBytes(rest);
    } catch (error) {
      this.fail(new Error("the door's answer cannot be read", { cause: error }));
    }
    this.#rest();
  }

  /** The door is gone: nobody will be answered any more. */
  fail(error: Error): void {
    this.#gone ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#rest();
  }

  close(): void {
    this.fail(new Error("the door was closed"));
    this.#out.destroy?.();
  }

  /** @returns what comes behind the line, nothing while it is not complete */
  #takeLine(part: Buffer): Buffer {
    const end = part.indexOf(LINE_END);
    this.#line = Buffer.concat([this.#line, end === -1 ? part : part.subarray(0, end)]);
    if (end === -1) return Buffer.alloc(0);
    const answer = JSON.parse(this.#line.toString("utf8")) as DoorAnswer;
    this.#line = Buffer.alloc(0);
    this.#arriving = { answer, parts: [], missing: "bytes" in answer ? answer.bytes : 0 };
    if (this.#arriving.missing === 0) this.#deliver(this.#arriving);
    return part.subarray(end + 1);
  }

  #takeBytes(part: Buffer): Buffer {
    const arriving = this.#arriving;
    if (arriving === undefined) return part;
    const own = part.subarray(0, arriving.missing);
    arriving.parts.push(own);
    arriving.missing -= own.length;
    if (arriving.missing === 0) this.#deliver(arriving);
    return part.subarray(own.length);
  }

  #deliver({ answer, parts }: Arriving): void {
    this.#arriving = undefined;
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("error" in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(Buffer.concat(parts));
  }

  #rest(): void {
    if (this.#waiting.size === 0) this.#out.unref?.();
  }
}
