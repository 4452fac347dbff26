import { createServer, type Server, type Socket } from "node:net";
import { messageOf } from "../domain/errors.ts";
import { eachLine } from "./each-line.ts";
import { listenOn } from "./listen-on.ts";
import type { TapAnswer, TapOrder, TapRequest, TapStatus } from "./protocol.ts";

const ORDERS: readonly string[] = ["begin", "shape", "flush", "status", "end"] satisfies TapOrder["op"][];

/** Takes orders on a port of its own, one after the other. */
export class Control {
  readonly #obey: (order: TapOrder) => Promise<TapStatus>;
  readonly #sockets = new Set<Socket>();
  readonly #listener: Server;

  constructor(obey: (order: TapOrder) => Promise<TapStatus>) {
    this.#obey = obey;
    this.#listener = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  /** @throws Error that names the port, when it is taken */
  async listen(port: number): Promise<void> {
    await listenOn(this.#listener, port);
  }

  /** Lets what was answered arrive, and hears nobody any more. */
  close(): void {
    this.#listener.close();
    for (const socket of this.#sockets) socket.end(() => socket.destroy());
  }

  #accept(socket: Socket): void {
    let before: Promise<void> = Promise.resolve();
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    // Whoever gave the order is gone; the order stands.
    socket.on("error", () => socket.destroy());
    eachLine(socket, (line) => {
      before = before.then(async () => {
        const answer = await this.#answerTo(line);
        if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
      });
    });
  }

  async #answerTo(line: string): Promise<TapAnswer> {
    let id: number | null = null;
    try {
      const request = JSON.parse(line) as TapRequest;
      id = request.id;
      if (!ORDERS.includes(request.op)) throw new Error(`expected one of ${ORDERS.join(", ")}, found ${line}`);
      return { id, ok: await this.#obey(request) };
    } catch (error) {
      return { id, error: messageOf(error) };
    }
  }
}
