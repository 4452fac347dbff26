import type { Redis } from "ioredis";
import type { Log } from "../log.ts";
import { asUnavailable, Unavailable } from "../unavailable.ts";
import { connect, PATIENCE_MS, ready } from "./connect.ts";
import type { Script } from "./script.ts";
import { Silence } from "./silence.ts";

/** The commands that the shop sends. Each rejects with Unavailable, in about a second at the latest. */
export class RedisClient {
  readonly #redis: Redis;
  readonly #log: Log;
  readonly #scripts = new Set<Script>();
  readonly #silence: Silence;
  #gathering = false;

  /** @param onSilence called when Redis has stopped answering; this connection is then dropped and made anew */
  constructor(url: string, log: Log, onSilence: () => void = () => undefined) {
    this.#log = log;
    this.#redis = connect(url, "commands", log);
    this.#redis.on("ready", () => this.#teach([...this.#scripts]));
    this.#silence = new Silence(PATIENCE_MS, () => {
      log(`redis (commands): no answer for ${String(PATIENCE_MS)} ms`);
      this.#redis.stream.destroy();
      onSilence();
    });
  }

  ready(): Promise<void> {
    return ready(this.#redis);
  }

  /** False while every command would fail at once, because there is no connection. */
  get connected(): boolean {
    return this.#redis.status === "ready";
  }

  /** Called whenever a connection has been made. */
  onConnect(handle: () => void): void {
    this.#redis.on("ready", handle);
  }

  /**
   * Runs a script by its digest; Redis is sent the text only when it does not know it (yet, or any more).
   * @param wanted whether the text should still be sent by then
   */
  async run(
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
    wanted: () => boolean = () => true,
  ): Promise<unknown> {
    try {
      return await this.#send(() => this.#redis.evalsha(script.sha, keys.length, ...keys, ...args));
    } catch (error) {
      if (!(error instanceof Unavailable) || !error.message.includes("NOSCRIPT") || !wanted()) throw error;
    }
    return this.#send(() => this.#redis.eval(script.lua, keys.length, ...keys, ...args));
  }

  /** Names scripts that will be needed: Redis is taught them on every connect, ahead of the first burst. */
  learn(scripts: readonly Script[]): void {
    for (const script of scripts) this.#scripts.add(script);
    if (this.#redis.status === "ready") this.#teach(scripts);
  }

  /** Any command, for those who bring their own. */
  command(name: string, words: readonly (string | number)[]): Promise<unknown> {
    return this.#send(() => this.#redis.call(name, ...words));
  }

  get(key: string): Promise<string | null> {
    return this.#send(() => this.#redis.get(key));
  }

  mget(keys: readonly string[]): Promise<(string | null)[]> {
    return this.#send(() => this.#redis.mget(...keys));
  }

  hdel(key: string, field: string): Promise<number> {
    return this.#send(() => this.#redis.hdel(key, field));
  }

  remove(keys: readonly string[]): Promise<number> {
    return this.#send(() => this.#redis.del(...keys));
  }

  hkeys(key: string): Promise<string[]> {
    return this.#send(() => this.#redis.hkeys(key));
  }

  /** How many connections listen to each channel, in the order asked. */
  async listeners(channels: readonly string[]): Promise<number[]> {
    if (channels.length === 0) return [];
    const reply = await this.#send(() => this.#redis.pubsub("NUMSUB", ...channels));
    if (!Array.isArray(reply)) throw new Unavailable("redis: PUBSUB NUMSUB answered no list");
    return channels.map((_, place) => Number(reply[place * 2 + 1]));
  }

  async ping(): Promise<void> {
    await this.#send(() => this.#redis.ping());
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #send<Reply>(command: () => Promise<Reply>): Promise<Reply> {
    this.#gather();
    this.#silence.asked();
    try {
      return await command();
    } catch (error) {
      throw asUnavailable("redis", error);
    } finally {
      this.#silence.answered();
    }
  }

  #teach(scripts: readonly Script[]): void {
    Promise.all(scripts.map(({ lua }) => this.#send(() => this.#redis.script("LOAD", lua)))).catch((error: unknown) =>
      this.#log(asUnavailable("redis", error).message),
    );
  }

  /** Lets the commands of one turn of the event loop leave in one packet: with 300 buyers that saves most of the work. */
  #gather(): void {
    const { stream, status } = this.#redis;
    if (this.#gathering || status !== "ready") return;
    this.#gathering = true;
    stream.cork();
    setImmediate(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }
}
