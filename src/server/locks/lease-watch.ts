interface Watched {
  waiting: number;
  timer: NodeJS.Timeout | undefined;
}

/** Never less than this between two looks at one lock, in ms. */
const SHORTEST_MS = 5;
const AFTER_FAILURE_MS = 200;

/**
 * Wakes up when the lease of a lock's owner ends, for as long as anybody here
 * waits for that lock: one timer for each lock, however many wait. This is
 * what gets a dead owner out of the way.
 */
export class LeaseWatch {
  readonly #watched = new Map<string, Watched>();
  readonly #advance: (lock: string) => Promise<number>;

  /** @param advance passes the lock on if it is free, and says when to look again, in ms from now */
  constructor(advance: (lock: string) => Promise<number>) {
    this.#advance = advance;
  }

  join(lock: string, lookAfterMs: number): void {
    const watched = this.#watched.get(lock) ?? { waiting: 0, timer: undefined };
    watched.waiting += 1;
    this.#watched.set(lock, watched);
    if (watched.waiting === 1) this.#arm(lock, watched, lookAfterMs);
  }

  leave(lock: string): void {
    const watched = this.#watched.get(lock);
    if (watched === undefined) return;
    watched.waiting -= 1;
    if (watched.waiting > 0) return;
    clearTimeout(watched.timer);
    this.#watched.delete(lock);
  }

  #arm(lock: string, watched: Watched, lookAfterMs: number): void {
    watched.timer = setTimeout(() => void this.#look(lock, watched), Math.max(SHORTEST_MS, lookAfterMs + 1));
  }

  async #look(lock: string, watched: Watched): Promise<void> {
    // A failure is not for the waiters to suffer: they are told when the connection is lost, and the next look may work.
    const lookAfterMs = await this.#advance(lock).catch(() => AFTER_FAILURE_MS);
    if (watched.waiting > 0) this.#arm(lock, watched, lookAfterMs);
  }
}
