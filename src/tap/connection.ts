import { Socket } from "node:net";
import { Lane, type LaneTools } from "./lane.ts";
import type { LinkShape } from "./shape.ts";
import type { Transcript } from "./transcript.ts";

const HOST = "127.0.0.1";

export interface ConnectionTools extends LaneTools {
  readonly transcript: Transcript;
  /** Called once, when both sides are closed. */
  readonly onClosed: () => void;
}

/** One connection of a server, and the one to the node that belongs to it. */
export class Connection {
  readonly #server: Socket;
  readonly #node: Socket;
  readonly #port: number;
  readonly #tools: ConnectionTools;
  readonly #toNode: Lane;
  readonly #toServer: Lane;
  #connecting = false;
  /** True for one that was accepted and is never led on. */
  #deaf = false;
  #sidesOpen = 2;

  /** @param port where the node listens */
  constructor(server: Socket, port: number, shape: LinkShape, tools: ConnectionTools) {
    const { transcript } = tools;
    this.#server = server;
    this.#node = new Socket({ allowHalfOpen: true });
    this.#port = port;
    this.#tools = tools;
    this.#toNode = new Lane(server, this.#node, shape.toNode, tools, () => transcript.forwarded(this.#toNode));
    this.#toServer = new Lane(this.#node, server, shape.toServer, tools, () => transcript.delivered(this.#toServer));
    this.#toServer.open();
    this.#listen(server, this.#toNode, (chunk, at) => transcript.sent(chunk, at, this.#toNode));
    this.#listen(this.#node, this.#toServer, (chunk, at) => transcript.replied(chunk, at, this.#toServer));
    this.shape(shape);
  }

  get transcript(): Transcript {
    return this.#tools.transcript;
  }

  /** Bends the wire anew. What was cut off so that it cannot be mended is reset. */
  shape(shape: LinkShape): void {
    const { toNode, toServer, reset, halfOpen } = shape;
    const mended = (this.#toNode.lossy && !toNode.drop) || (this.#toServer.lossy && !toServer.drop);
    if (reset || mended || (this.#deaf && !halfOpen)) {
      this.reset();
      return;
    }
    this.#toNode.bend(toNode);
    this.#toServer.bend(toServer);
    if (this.#connecting) return;
    if (halfOpen) this.#deaf = true;
    else if (!toNode.hold && !toServer.hold) this.#connect();
  }

  reset(): void {
    this.#server.resetAndDestroy();
    // One that was never connected has nothing to reset.
    if (this.#connecting) this.#node.resetAndDestroy();
    else this.#node.destroy();
  }

  #connect(): void {
    this.#connecting = true;
    this.#node.once("connect", () => {
      this.#node.setNoDelay(true);
      this.#toNode.open();
    });
    this.#node.connect({ port: this.#port, host: HOST });
  }

  #listen(socket: Socket, lane: Lane, read: (chunk: Buffer, at: number) => void): void {
    const { clock } = this.#tools;
    let failed = false;
    socket.on("data", (chunk: Buffer) => {
      const at = clock.now();
      // First on with it, then read it: whoever waits at the other end shall not wait for us.
      lane.take(chunk, at);
      read(chunk, at);
    });
    socket.once("end", () => lane.end("end", clock.now()));
    socket.on("error", () => {
      failed = true;
    });
    socket.once("close", () => {
      if (failed) lane.end("reset", clock.now());
      this.#closed();
    });
  }

  #closed(): void {
    this.#sidesOpen -= 1;
    if (this.#sidesOpen > 0) return;
    this.#toNode.close();
    this.#toServer.close();
    this.#tools.transcript.close();
    this.#tools.onClosed();
  }
}
