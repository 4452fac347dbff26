import type { LocalQueue } from "./local-queue.ts";
import { type Hold, type Lock, sawNothing } from "./lock.ts";
import { LongTurns } from "./long-turns.ts";

/** How long heirs may sell before the event loop comes round, in ms: what they write in that time shares packets. */
const IN_ONE_GO_MS = 3;

/** A lock whose holder may leave it to the next in line. */
export interface HeritableLock extends Lock {
  /** @returns the same lock for another owner of this process, or null when it is better asked for anew */
  heir(hold: Hold): Hold | null;
}

/**
 * Lets the waiters of this process ask for a lock one after the other, in the
 * order in which they came. When one of them finds that nothing is left of what
 * the lock guards, those who had come by then are told so, too. Where the lock
 * can be left to the next in line, he need not ask for it at all.
 */
export class QueuedLock implements Lock {
  readonly #inner: Lock & Partial<HeritableLock>;
  /** By lock: what the next in line, who is about to come in, takes over. */
  readonly #heirs = new Map<string, Hold>();
  readonly #queue: LocalQueue;
  readonly #turns = new LongTurns();
  /** When the event loop last came round between two heirs (monotonic clock, in ms). */
  #wentOnAtMs = -Infinity;
  readonly #leaving = new WeakMap<Hold, () => void>();
  /** By lock: since when nothing has been left, as far as is known (monotonic clock, in ms). */
  readonly #nothingLeftAtMs = new Map<string, number>();

  constructor(inner: Lock & Partial<HeritableLock>, queue: LocalQueue) {
    this.#inner = inner;
    this.#queue = queue;
  }

  async acquire(name: string, deadlineMs: number, token: string, alone = false): Promise<Hold | null> {
    const cameAtMs = performance.now();
    const leave = await this.#queue.enter(name, deadlineMs, alone);
    if (leave === null) return null;
    const inherited = this.#heirs.get(name);
    if (inherited !== undefined) return this.#takeOver(inherited, leave);
    if ((this.#nothingLeftAtMs.get(name) ?? -Infinity) > cameAtMs) {
      leave();
      return sawNothing(name, token);
    }
    try {
      const hold = await this.#ask(name, deadlineMs, token);
      if (hold === null) leave();
      else this.#leaving.set(hold, leave);
      return hold;
    } catch (error) {
      leave();
      throw error;
    }
  }

  async release(hold: Hold): Promise<void> {
    if (hold.seenOnly === true || this.#leaveToNext(hold)) return;
    // The next in line asks behind the release, on the same connections: he need not wait for it.
    const released = this.#inner.release(hold);
    this.#turns.released(hold.name);
    this.#leaving.get(hold)?.();
    await released;
  }

  turnAway(): void {
    this.#queue.turnAway();
  }

  async close(): Promise<void> {
    this.#queue.close();
    await this.#inner.close();
  }

  #takeOver(hold: Hold, leave: () => void): Hold {
    this.#heirs.delete(hold.name);
    this.#leaving.set(hold, leave);
    if (hold.guarded !== undefined && hold.guarded <= 0) this.#nothingLeftAtMs.set(hold.name, performance.now());
    return hold;
  }

  #leaveToNext(hold: Hold): boolean {
    const { name } = hold;
    if (!this.#queue.nextIsHeir(name) || this.#turns.isLong(name)) return false;
    const heir = this.#inner.heir?.(hold) ?? null;
    if (heir === null) return false;
    this.#heirs.set(name, heir);
    this.#leaveInTime(() => this.#leaving.get(hold)?.());
    return true;
  }

  /** A whole line of heirs would else sell in one go, and nothing that comes in meanwhile would be read. */
  #leaveInTime(leave: () => void): void {
    if (performance.now() - this.#wentOnAtMs < IN_ONE_GO_MS) {
      leave();
      return;
    }
    setImmediate(() => {
      this.#wentOnAtMs = performance.now();
      leave();
    });
  }

  async #ask(name: string, deadlineMs: number, token: string): Promise<Hold | null> {
    await this.#turns.fairTo(name);
    const askedAtMs = performance.now();
    const hold = await this.#inner.acquire(name, deadlineMs, token).catch((error: unknown) => {
      this.#turns.refused(name);
      throw error;
    });
    if (hold === null) this.#turns.refused(name);
    else this.#turns.granted(name, hold.awayMs ?? 0);
    if (hold?.guarded !== undefined && hold.guarded <= 0) this.#nothingLeftAtMs.set(name, askedAtMs);
    return hold;
  }
}
