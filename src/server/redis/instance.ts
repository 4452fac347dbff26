import { randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import type { Log } from "../log.ts";
import { connect } from "./connect.ts";

/** The channel on which an instance listens for as long as it lives. */
export function channelOf(instance: string): string {
  return `instance:${instance}`;
}

/** Which instance made a token (`a1b2:17`) or a sale (`a1b2-17`). */
export function instanceOf(name: string): string {
  return name.split(/[:-]/, 1)[0] ?? name;
}

/**
 * This server process as its replicas see it. It listens on a channel of its
 * own: that carries messages to it, and nobody listening there means that it
 * is dead.
 */
export class Instance {
  readonly id = randomBytes(6).toString("hex");
  readonly #redis: Redis | undefined;
  readonly #log: Log;
  readonly #onMessage: ((message: string) => void)[] = [];
  readonly #onLost: (() => void)[] = [];
  #onListening: (() => void)[] = [];
  #listening = false;
  #names = 0;

  /** @param url undefined for one that nobody sends messages to: it has nothing but its name */
  constructor(url: string | undefined, log: Log) {
    this.#log = log;
    if (url === undefined) return;
    const redis = connect(url, "subscriber", log);
    this.#redis = redis;
    redis.on("ready", () => void this.#subscribe(redis));
    redis.on("message", (_channel, message) => this.#onMessage.forEach((handle) => handle(message)));
    redis.on("close", () => this.#lost());
  }

  /** Whether anybody sends it messages at all. */
  get listens(): boolean {
    return this.#redis !== undefined;
  }

  /** False while messages may be lost. */
  get listening(): boolean {
    return this.#listening;
  }

  nextToken(): string {
    return `${this.id}:${String((this.#names += 1))}`;
  }

  nextSale(): string {
    return `${this.id}-${String((this.#names += 1))}`;
  }

  onMessage(handle: (message: string) => void): void {
    this.#onMessage.push(handle);
  }

  /** Called when messages may have been lost. */
  onLost(handle: () => void): void {
    this.#onLost.push(handle);
  }

  ready(): Promise<void> {
    if (this.#listening || !this.listens) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onListening.push(resolve);
    });
  }

  /** Redis has stopped answering: nothing more is expected to come over this connection. */
  reconnect(): void {
    this.#redis?.stream.destroy();
  }

  close(): void {
    this.#redis?.disconnect();
  }

  async #subscribe(redis: Redis): Promise<void> {
    try {
      await redis.subscribe(channelOf(this.id));
    } catch (error) {
      this.#log(`redis (subscriber): ${error instanceof Error ? error.message : String(error)}`);
      this.reconnect();
      return;
    }
    this.#listening = true;
    for (const resolve of this.#onListening) resolve();
    this.#onListening = [];
  }

  #lost(): void {
    if (!this.#listening) return;
    this.#listening = false;
    for (const handle of this.#onLost) handle();
  }
}
