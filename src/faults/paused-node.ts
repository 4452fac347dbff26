import { connect, type Socket } from "node:net";
import { environmentError } from "../domain/errors.ts";
import type { RedisNode } from "../stacks/stack.ts";

/** Longer than any load: the pause is ended, it does not end by itself. */
const A_DAY_MS = 24 * 3_600_000;
const ANSWER_WITHIN_MS = 5000;

/** A Redis node that answers nobody but us. */
export interface PausedNode {
  /** Ends the pause, if it did not end with the node. When it fails it may be tried again. */
  release(): Promise<void>;
}

/**
 * Pauses a node. While it is paused Redis postpones every command, also the one that would end the pause;
 * only replicas are exempt, and a connection that monitors counts as one.
 * @param withinMs how long it may take to obey
 * @throws LockbenchError (exit 5) when the node does not obey
 */
export async function pauseNode({ name, url }: RedisNode, withinMs = ANSWER_WITHIN_MS): Promise<PausedNode> {
  const { hostname, port } = new URL(url);
  const line = new Line(name, connect({ host: hostname, port: Number(port) }), withinMs);
  try {
    await line.order("MONITOR");
    await line.order(`CLIENT PAUSE ${String(A_DAY_MS)} ALL`);
  } catch (error) {
    line.close();
    throw error;
  }
  return {
    async release() {
      try {
        if (!line.closed) await line.order("CLIENT UNPAUSE");
      } catch (error) {
        // The line is the only one on which the node listens: it stays open for another try.
        if (!line.closed) throw error;
      }
      line.close();
    },
  };
}

class Line {
  readonly #name: string;
  readonly #socket: Socket;
  readonly #withinMs: number;

  constructor(name: string, socket: Socket, withinMs: number) {
    this.#name = name;
    this.#withinMs = withinMs;
    this.#socket = socket;
    // What goes wrong is told by the order that waits for an answer.
    socket.on("error", () => undefined);
    // A node that never answers again keeps nobody from ending.
    socket.unref();
  }

  /** True when the node has died, and its pause with it. */
  get closed(): boolean {
    return this.#socket.destroyed;
  }

  /** Waits for +OK; what the monitor shows of others meanwhile begins otherwise. */
  order(command: string): Promise<void> {
    return new Promise((resolve, reject) => {
      let said = "";
      const fail = (found: string): void => {
        stop();
        reject(environmentError("FAULT_FAILED", `fault: ${command} on ${this.#name}: expected OK, found ${found}`));
      };
      const closed = (): void => fail("the connection closed");
      const timer = setTimeout(() => fail("no answer"), this.#withinMs);
      const hear = (part: Buffer): void => {
        said += part.toString("latin1");
        const answer = said.split("\r\n").find((one) => one === "+OK" || one.startsWith("-"));
        if (answer?.startsWith("-") === true) fail(answer);
        if (answer !== "+OK") return;
        stop();
        resolve();
      };
      const stop = (): void => {
        clearTimeout(timer);
        this.#socket.off("data", hear).off("close", closed);
      };
      this.#socket.on("data", hear).on("close", closed);
      if (this.#socket.destroyed) closed();
      else this.#socket.write(`${command}\r\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
