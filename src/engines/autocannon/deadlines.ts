import type { Stopwatch } from "./stopwatch.ts";

const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * Watches many things that all have the same time limit, with one timer. What
 * began first is due first, so a map in the order of insertion is the queue.
 */
export class Deadlines<Item> {
  readonly #limitNs: number;
  readonly #stopwatch: Stopwatch;
  readonly #expire: (item: Item) => void;
  readonly #since = new Map<Item, number>();
  #timer: NodeJS.Timeout | undefined;
  #sweep: NodeJS.Immediate | undefined;

  constructor(limitMs: number, stopwatch: Stopwatch, expire: (item: Item) => void) {
    this.#limitNs = limitMs * 1e6;
    this.#stopwatch = stopwatch;
    this.#expire = expire;
  }

  /** @param at when its time began, on the stopwatch; never before that of an item that is already watched */
  watch(item: Item, at: number): void {
    this.#since.set(item, at);
    if (this.#timer === undefined) this.#arm(this.#limitNs);
  }

  release(item: Item): void {
    this.#since.delete(item);
  }

  stop(): void {
    this.#since.clear();
    clearTimeout(this.#timer);
    clearImmediate(this.#sweep);
  }

  /** Answers that lie in the socket already are read before the sweep: a busy generator must not lose them. */
  #arm(ns: number): void {
    const ms = Math.min(Math.ceil(ns / 1e6), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => {
      this.#sweep = setImmediate(() => this.#expireAllDue());
    }, ms);
  }

  #expireAllDue(): void {
    const now = this.#stopwatch.now();
    for (const [item, at] of this.#since) {
      const left = at + this.#limitNs - now;
      if (left > 0) {
        this.#arm(left);
        return;
      }
      this.#since.delete(item);
      this.#expire(item);
    }
    this.#timer = undefined;
  }
}
