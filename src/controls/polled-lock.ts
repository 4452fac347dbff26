import { setTimeout as sleep } from "node:timers/promises";
import type { Hold, Lock } from "../server/locks/lock.ts";
import { RELEASE } from "../server/locks/release-script.ts";
import { ACQUIRE } from "../server/locks/acquire-script.ts";
import type { ShopTools } from "../server/parts.ts";
import { fenceKey } from "../server/redis/keys.ts";

/** The steps of a lock that is asked for until it is granted. */
export interface LockSteps {
  /** What the key holds while the lock is held; the owner's token where this is left out. */
  token?(): string;
  /** @returns the fencing token of the grant, or 0 when somebody else holds the lock */
  ask(name: string, token: string): Promise<number>;
  release(name: string, token: string): Promise<void>;
  /** When the time is up. */
  giveUp?(name: string): Promise<void>;
}

const SHORTEST_PAUSE_MS = 2;
const PAUSE_SPREAD_MS = 4;

/** Asks, pauses and asks again: what the broken locks of one Redis node have in common, and where none of them is broken. */
export class PolledLock implements Lock {
  readonly #steps: LockSteps;
  readonly #leaseMs: number;
  #closed = false;

  constructor(steps: LockSteps, leaseMs: number) {
    this.#steps = steps;
    this.#leaseMs = leaseMs;
  }

  async acquire(name: string, deadlineMs: number, owner: string): Promise<Hold | null> {
    const token = this.#steps.token?.() ?? owner;
    while (!this.#closed && performance.now() < deadlineMs) {
      const expiresAtMs = performance.now() + this.#leaseMs;
      const fencingToken = await this.#steps.ask(name, token);
      if (fencingToken > 0) return { name, token, fencingToken, grantedAtNs: process.hrtime.bigint(), expiresAtMs };
      await sleep(SHORTEST_PAUSE_MS + PAUSE_SPREAD_MS * Math.random());
    }
    await this.#steps.giveUp?.(name);
    return null;
  }

  async release({ name, token }: Hold): Promise<void> {
    await this.#steps.release(name, token);
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }
}

/** The steps of a sound lock, of which a control breaks one. */
export function soundSteps({ client, config }: ShopTools): LockSteps {
  client.learn([ACQUIRE, RELEASE]);
  return {
    ask: async (name, token) => Number(await client.run(ACQUIRE, [name, fenceKey(name)], [token, config.lockTtlMs])),
    release: async (name, token) => {
      await client.run(RELEASE, [name], [token]);
    },
  };
}
