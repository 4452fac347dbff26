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

type Wanted = { readonly want: "copy" } | { readonly want: "change"; readonly statements: readonly BoundStatement[] };

const LINE_END = 0x0a;

/** Our side of the door: asks, and puts the answers together again from the bytes that arrive. */
export class DoorClient {
  readonly #out: DoorStream;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #unread: Buffer = Buffer.alloc(0);
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
      this.#waiting.set(id, { resolve, reject });
      // Whoever waits for an answer keeps the process alive; an idle door does not.
      this.#out.ref?.();
      this.#out.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Takes what the program behind the door has written. */
  take(part: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, part]);
    while (this.#takeOne());
    this.#rest();
  }

  /** The door is gone: nobody will be answered any more. */
  fail(error: Error): void {
    this.#gone ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  close(): void {
    this.fail(new Error("the door was closed"));
    this.#out.destroy?.();
  }

  #takeOne(): boolean {
    const end = this.#unread.indexOf(LINE_END);
    if (end === -1) return false;
    const answer = JSON.parse(this.#unread.toString("utf8", 0, end)) as DoorAnswer;
    const length = "bytes" in answer ? answer.bytes : 0;
    if (this.#unread.length < end + 1 + length) return false;
    const bytes = Buffer.from(this.#unread.subarray(end + 1, end + 1 + length));
    this.#unread = this.#unread.subarray(end + 1 + length);
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("error" in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(bytes);
    return true;
  }

  #rest(): void {
    if (this.#waiting.size === 0) this.#out.unref?.();
  }
}
