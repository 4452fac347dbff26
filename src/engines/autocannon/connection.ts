import type { Socket } from "node:net";
import type { Answer } from "./answer.ts";
import { AnswerParser, type AnswerSink } from "./answer-parser.ts";
import { type Client, connect, createClient } from "./client.ts";
import type { ServerAddress } from "./server-address.ts";

export interface ConnectionListener {
  opened(): void;
  /** Nothing has been sent on it. */
  notOpened(error: Error): void;
  answered(answer: Answer): void;
  /** The request was written, and its answer will not come. */
  lost(reason: string): void;
  /** It was closed while no request was under way. */
  closedIdle(): void;
}

type Phase = "closed" | "opening" | "idle" | "asking";

/** One connection to a server at a time, for one request at a time. It never reconnects by itself. */
export class Connection implements AnswerSink {
  readonly #client: Client;
  readonly #parser: AnswerParser;
  readonly #listener: ConnectionListener;
  #phase: Phase = "closed";

  constructor(server: ServerAddress, method: string, listener: ConnectionListener) {
    this.#client = createClient(server);
    this.#parser = new AnswerParser(this.#client.parser, method, this);
    this.#listener = listener;
  }

  get phase(): Phase {
    return this.#phase;
  }

  open(): void {
    this.#phase = "opening";
    const socket = connect(this.#client);
    const ifCurrent = (event: () => void) => () => {
      if (socket === this.#client.conn && this.#phase !== "closed") event();
    };
    socket.on(
      this.#client.secure ? "secureConnect" : "connect",
      ifCurrent(() => this.#opened()),
    );
    socket.on("error", (error) => ifCurrent(() => this.#ended(codeOf(error), error))());
    socket.on(
      "end",
      ifCurrent(() => this.#finished()),
    );
    socket.on(
      "close",
      ifCurrent(() => this.#ended("the connection was closed")),
    );
  }

  /** Writes a request; the connection must be idle. */
  ask(request: string): void {
    this.#phase = "asking";
    this.#parser.expect();
    this.#socket().write(request);
  }

  close(): void {
    if (this.#phase === "closed") return;
    this.#phase = "closed";
    this.#socket().destroy();
  }

  answered(answer: Answer, reusable: boolean): void {
    this.#phase = "idle";
    // Writing into a connection that the server is about to close would lose a request of a sound server.
    if (!reusable) this.close();
    this.#listener.answered(answer);
  }

  garbled(reason: string): void {
    this.#ended(reason);
  }

  #opened(): void {
    this.#phase = "idle";
    this.#parser.reset();
    this.#listener.opened();
  }

  #finished(): void {
    const socket = this.#client.conn;
    this.#parser.finish();
    if (socket === this.#client.conn && this.#phase !== "closed") this.#ended("the connection was closed");
  }

  #ended(reason: string, error: Error = new Error(reason)): void {
    const was = this.#phase;
    this.close();
    if (was === "opening") this.#listener.notOpened(error);
    else if (was === "asking") this.#listener.lost(reason);
    else this.#listener.closedIdle();
  }

  #socket(): Socket {
    const socket = this.#client.conn;
    if (socket === undefined) throw new Error("the connection has never been opened");
    return socket;
  }
}

/** `ECONNRESET` rather than a sentence: the code is what people search for. */
export function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
