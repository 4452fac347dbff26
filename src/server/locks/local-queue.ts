/** The longest that a timer can wait, in ms. */
const LONGEST_MS = 2 ** 31 - 1;

interface Waiter {
  readonly heir: boolean;
  readonly resolve: (leave: (() => void) | null) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The waiters of this process for each lock, first come, first served: only the
 * first of them asks Redis, so that 300 buyers do not storm the nodes.
 */
export class LocalQueue {
  /** By lock name, while somebody is inside; those who wait, in the order in which they came. */
  readonly #waiting = new Map<string, Set<Waiter>>();
  #closed = false;

  /**
   * Waits until everybody who came earlier has left.
   * @param deadlineMs on the monotonic clock
   * @param heir whether it may take over what the one before it holds
   * @returns how to leave again (harmless when called twice), or null when the time ran out or the queue turned everybody away
   */
  enter(name: string, deadlineMs: number, heir = false): Promise<(() => void) | null> {
    if (this.#closed) return Promise.resolve(null);
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) {
      this.#waiting.set(name, new Set());
      return Promise.resolve(this.#leaveOnce(name));
    }
    return new Promise((resolve) => {
      const tooLate = (): void => {
        waiting.delete(waiter);
        resolve(null);
      };
      const timer = setTimeout(tooLate, Math.min(LONGEST_MS, Math.max(0, deadlineMs - performance.now())));
      const waiter = { heir, resolve, timer };
      waiting.add(waiter);
    });
  }

  /** Whether somebody waits, and the first of them may take over what the one before holds. */
  nextIsHeir(name: string): boolean {
    const [next] = this.#waiting.get(name) ?? [];
    return next?.heir === true;
  }

  /** Turns away everybody who waits now. Whoever is inside stays, and others may come. */
  turnAway(): void {
    for (const waiting of this.#waiting.values()) {
      for (const { resolve, timer } of waiting) {
        clearTimeout(timer);
        resolve(null);
      }
      waiting.clear();
    }
  }

  /** Turns away everybody who waits, and whoever comes from now on. */
  close(): void {
    this.#closed = true;
    this.turnAway();
  }

  #leaveOnce(name: string): () => void {
    let inside = true;
    return () => {
      if (inside) this.#letInNext(name);
      inside = false;
    };
  }

  #letInNext(name: string): void {
    const waiting = this.#waiting.get(name);
    const [next] = waiting ?? [];
    if (next === undefined) {
      this.#waiting.delete(name);
      return;
    }
    waiting?.delete(next);
    clearTimeout(next.timer);
    next.resolve(this.#leaveOnce(name));
  }
}
