import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createConnection, type Socket } from "node:net";
import { environmentError, messageOf } from "../domain/errors.ts";
import { wireLogOf } from "../domain/wire-lines.ts";
import type { WireLog, WireRule } from "../domain/wire.ts";
import { eachLine } from "./each-line.ts";
import type { TapAnswer, TapOrder, TapStatus } from "./protocol.ts";

/** A line to a wire tap that runs. Every order throws TAP_FAILED when the tap cannot obey, or is gone. */
export interface TapClient {
  /** Forgets what was recorded so far. */
  begin(): Promise<void>;
  /** Bends the wire by these rules, instead of all earlier ones; in force when it returns. */
  shape(rules: readonly WireRule[]): Promise<void>;
  status(): Promise<TapStatus>;
  /**
   * What was recorded since `begin`, also of commands that are still unanswered.
   * @param originNs the origin of the history's clock, as `process.hrtime.bigint()`
   */
  read(originNs: bigint): Promise<WireLog>;
  /** Lets the tap flush, close everything and exit. */
  end(): Promise<void>;
  /** Hangs up; the tap goes on. */
  close(): void;
}

/** @throws LockbenchError TAP_FAILED when no tap answers on this port of 127.0.0.1 */
export async function connectTap(port: number): Promise<TapClient> {
  const socket = createConnection({ host: "127.0.0.1", port, noDelay: true });
  try {
    await once(socket, "connect");
  } catch (error) {
    throw failed(port, "expected a tap, found nobody", error);
  }
  const line = new ControlLine(socket, port);
  return {
    async begin() {
      await line.order({ op: "begin" });
    },
    async shape(rules) {
      await line.order({ op: "shape", rules });
    },
    status: () => line.order({ op: "status" }),
    async read(originNs) {
      const { log } = await line.order({ op: "flush" });
      return wireLogOf((await readFile(log, "utf8")).split("\n"), originNs);
    },
    async end() {
      await line.order({ op: "end" });
    },
    close: () => socket.destroy(),
  };
}

interface Waiting {
  readonly op: TapOrder["op"];
  readonly resolve: (status: TapStatus) => void;
  readonly reject: (error: Error) => void;
}

class ControlLine {
  readonly #socket: Socket;
  readonly #port: number;
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;

  constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.#port = port;
    let why: Error | undefined;
    socket.on("error", (error) => {
      why = error;
    });
    socket.once("close", () => this.#hangUp(why));
    eachLine(socket, (text) => this.#take(JSON.parse(text) as TapAnswer));
  }

  order(order: TapOrder): Promise<TapStatus> {
    return new Promise((resolve, reject) => {
      const id = this.#orders++;
      this.#waiting.set(id, { op: order.op, resolve, reject });
      if (this.#socket.writable) this.#socket.write(`${JSON.stringify({ id, ...order })}\n`);
      else this.#hangUp(undefined);
    });
  }

  #take(answer: TapAnswer): void {
    const waiting = this.#waiting.get(answer.id ?? -1);
    this.#waiting.delete(answer.id ?? -1);
    if ("ok" in answer) waiting?.resolve(answer.ok);
    else waiting?.reject(failed(this.#port, `${waiting.op}: ${answer.error}`));
  }

  #hangUp(why: Error | undefined): void {
    for (const { op, reject } of this.#waiting.values()) {
      reject(failed(this.#port, `${op}: expected an answer, found the connection closed`, why));
    }
    this.#waiting.clear();
  }
}

function failed(port: number, what: string, cause?: unknown): Error {
  const because = cause === undefined ? "" : ` (${messageOf(cause)})`;
  return environmentError("TAP_FAILED", `wire tap on port ${String(port)}: ${what}${because}`, {
    hint: "see the log of the tap, and run again",
    cause,
  });
}
