import type { Background } from "../background.ts";
import type { Hold, Lock } from "../locks/lock.ts";
import type { Breaker } from "./breaker.ts";

/**
 * A lock that is asked for only while the breaker is closed. When it opens,
 * those who wait are turned away, and a lock that is granted only now is given
 * up: nobody holds one that was granted while the breaker was open. Who holds
 * a lock already goes on.
 */
export class BreakerLock implements Lock {
  readonly #inner: Lock;
  readonly #breaker: Breaker;
  readonly #background: Background;

  constructor(inner: Lock, breaker: Breaker, background: Background) {
    this.#inner = inner;
    this.#breaker = breaker;
    this.#background = background;
    breaker.onChange(({ state }) => {
      if (state === "open") inner.turnAway?.();
    });
  }

  /** @throws CircuitOpen when the breaker is, or comes, open; Unavailable when it has been so meanwhile */
  async acquire(...asked: Parameters<Lock["acquire"]>): Promise<Hold | null> {
    const { sinceNs } = this.#breaker.reading;
    const hold = await this.#breaker.run(() => this.#inner.acquire(...asked), isGrant);
    if (this.#breaker.reading.sinceNs === sinceNs) return hold;
    if (hold !== null) this.#background.run(`lock: giving up ${hold.name}`, this.#inner.release(hold));
    throw this.#breaker.refusal;
  }

  release(hold: Hold): Promise<void> {
    return this.#inner.release(hold);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

/** A lock that was not obtained in time may never have been asked for, and neither is one that others have only seen. */
function isGrant(hold: Hold | null): boolean {
  return hold !== null && hold.seenOnly !== true;
}
