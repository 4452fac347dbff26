import { setTimeout as sleep } from "node:timers/promises";
import { RedlockMutex } from "redis-semaphore";
import type { Background } from "../background.ts";
import { RELEASE } from "../quorum/quorum-scripts.ts";
import type { Readings } from "../quorum/readings.ts";
import type { RedisNodes } from "../redis/redis-nodes.ts";
import { LibraryRound } from "./library-round.ts";
import type { Hold, Lock } from "./lock.ts";
import { validityMs } from "./redlock.ts";

/** Between two tries, in ms, and up to as much again: processes that have collided should not do so again. */
const RETRY_MS = 10;

/** The library puts "mutex:" before every key; the shop's locks have names of their own. */
class NamedMutex extends RedlockMutex {
  protected override _key: string;

  constructor(round: LibraryRound, name: string, options: ConstructorParameters<typeof RedlockMutex>[2]) {
    super(round.clients, name, options);
    this._key = name;
  }
}

export interface LibraryTools {
  readonly nodes: RedisNodes;
  readonly readings: Pick<Readings, "behind" | "look">;
  readonly background: Background;
  /** The lease, in ms. */
  readonly leaseMs: number;
}

/** One owner's way to a lock. */
interface Asking {
  readonly name: string;
  readonly token: string;
  /** How often he has asked. */
  rounds: number;
}

/** Redlock as redis-semaphore does it; what it does not do (see docs/server.md) is done here. */
export class LibraryLock implements Lock {
  readonly #tools: LibraryTools;
  readonly #mutexes = new WeakMap<Hold, RedlockMutex>();
  #closed = false;

  constructor(tools: LibraryTools) {
    this.#tools = tools;
    tools.nodes.learn([RELEASE]);
  }

  /** @throws Unavailable when fewer nodes answer than make a quorum, at once when that has been so for a while */
  async acquire(name: string, deadlineMs: number, token: string): Promise<Hold | null> {
    const asking = { name, token, rounds: 0 };
    while (!this.#closed) {
      const hold = await this.#try(asking);
      if (hold !== null) return hold;
      const left = deadlineMs - performance.now();
      if (left <= 0) return null;
      await sleep(Math.min(left, pauseMs()));
    }
    return null;
  }

  async release(hold: Hold): Promise<void> {
    await this.#mutexes.get(hold)?.release();
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  /** The library tries once: it would measure the time by the wall clock, and pause for as long after every try. */
  async #try(asking: Asking): Promise<Hold | null> {
    const { nodes, leaseMs } = this.#tools;
    if (!nodes.quorumAnswers()) return null;
    const round = this.#round(asking);
    const mutex = new NamedMutex(round, asking.name, {
      identifier: asking.token,
      lockTimeout: leaseMs,
      acquireTimeout: Infinity,
      acquireAttemptsLimit: 1,
      retryInterval: 0,
      // A lease is never extended: whoever takes longer has lost the lock.
      refreshInterval: 0,
    });
    return (await mutex.tryAcquire()) ? this.#hold(round, mutex, asking.name) : null;
  }

  #round(asking: Asking): LibraryRound {
    const { nodes, readings, background, leaseMs } = this.#tools;
    const number = (asking.rounds += 1);
    const isLast = (): boolean => asking.rounds === number && !this.#closed;
    const question = readings.behind(asking.name, asking.token);
    return new LibraryRound({ nodes, background, question, leaseMs, isLast });
  }

  /** @returns null, and nothing is held, when the lease is over by now, or what the lock guards cannot be told */
  async #hold(round: LibraryRound, mutex: RedlockMutex, name: string): Promise<Hold | null> {
    const { readings, leaseMs } = this.#tools;
    const { identifier: token } = mutex;
    const grantedAtNs = process.hrtime.bigint();
    const expiresAtMs = round.beganMs + validityMs(leaseMs);
    let hold: Hold | null = null;
    try {
      const reading = readings.look(name, await round.answers());
      const nowMs = performance.now();
      if (reading === null || nowMs >= expiresAtMs) return null;
      const { fencingToken, units: guarded } = reading;
      const awayMs = nowMs - round.beganMs;
      hold = { name, token, fencingToken, grantedAtNs, expiresAtMs, awayMs, guarded, reading };
      this.#mutexes.set(hold, mutex);
      return hold;
    } finally {
      if (hold === null) await mutex.release();
    }
  }
}

function pauseMs(): number {
  return RETRY_MS * (1 + Math.random());
}
