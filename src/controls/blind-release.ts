import { setTimeout as sleep } from "node:timers/promises";
import type { Hold, Lock } from "../server/locks/lock.ts";
import type { ShopTools } from "../server/parts.ts";
import { script } from "../server/redis/script.ts";
import type { Control } from "./control.ts";
import { slowParts } from "./slow-write.ts";

/**
 * The lock is a flag that tells nobody whose it is: releasing it removes it, and
 * whoever gives up waiting "cleans up" the lock of the one who holds it.
 */
export const blindRelease: Control = {
  base: slowParts(80),
  broken: { lock: (tools) => new FlagLock(tools) },
};

const SET = script("return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0");
const DELETE = script("return redis.call('DEL', KEYS[1])");
const FLAG = "locked";

class FlagLock implements Lock {
  readonly #tools: ShopTools;
  #closed = false;

  constructor(tools: ShopTools) {
    this.#tools = tools;
    tools.client.learn([SET, DELETE]);
  }

  async acquire(name: string, deadlineMs: number): Promise<Hold | null> {
    while (!this.#closed && performance.now() < deadlineMs) {
      const expiresAtMs = performance.now() + this.#tools.config.lockTtlMs;
      if ((await this.#tools.client.run(SET, [name], [FLAG, this.#tools.config.lockTtlMs])) === 1) {
        return { name, token: FLAG, fencingToken: null, grantedAtNs: process.hrtime.bigint(), expiresAtMs };
      }
      await sleep(2 + 4 * Math.random());
    }
    await this.#tools.client.run(DELETE, [name], []);
    return null;
  }

  async release({ name }: Hold): Promise<void> {
    await this.#tools.client.run(DELETE, [name], []);
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }
}
