import { setTimeout as sleep } from "node:timers/promises";
import type { Background } from "../background.ts";
import { fenceKey } from "../redis/keys.ts";
import type { RedisClient } from "../redis/redis-client.ts";
import type { Hold, Lock } from "./lock.ts";
import { RELEASE } from "./release-script.ts";
import { ACQUIRE } from "./acquire-script.ts";

export interface SpinTools {
  readonly client: RedisClient;
  readonly background: Background;
  /** The lease, in ms. */
  readonly leaseMs: number;
}

/** SET NX PX, tried again after a jittered pause until it succeeds. Nobody has a place in a queue. */
export class SpinLock implements Lock {
  readonly #tools: SpinTools;
  #closed = false;

  constructor(tools: SpinTools) {
    this.#tools = tools;
    tools.client.learn([ACQUIRE, RELEASE]);
  }

  async acquire(name: string, deadlineMs: number, token: string): Promise<Hold | null> {
    for (let attempt = 0; !this.#closed; attempt += 1) {
      const hold = await this.#try(name, token);
      if (hold !== null) return hold;
      const left = deadlineMs - performance.now();
      if (left <= 0) return null;
      await sleep(Math.min(left, pauseMs(attempt)));
    }
    return null;
  }

  async release(hold: Hold): Promise<void> {
    await this.#tools.client.run(RELEASE, [hold.name], [hold.token]);
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  async #try(name: string, token: string): Promise<Hold | null> {
    const { client, background, leaseMs } = this.#tools;
    const sentAtMs = performance.now();
    try {
      const fencingToken = Number(await client.run(ACQUIRE, [name, fenceKey(name)], [token, leaseMs]));
      if (fencingToken === 0) return null;
      return { name, token, fencingToken, grantedAtNs: process.hrtime.bigint(), expiresAtMs: sentAtMs + leaseMs };
    } catch (error) {
      // The answer is lost, the lock may be ours all the same.
      background.run(`lock: giving up ${name}`, client.run(RELEASE, [name], [token]));
      throw error;
    }
  }
}

/** From 1 ms to 50 ms, half of it at random, so that the losers of one round do not meet again in the next. */
function pauseMs(attempt: number): number {
  const longest = Math.min(50, 2 * 1.5 ** Math.min(attempt, 10));
  return longest * (0.5 + Math.random() / 2);
}
