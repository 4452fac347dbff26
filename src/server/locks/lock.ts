/** A lock that was granted. It is certain only as long as the lease runs; `Stock.take` asks Redis. */
export interface Hold {
  /** The Redis key of the lock. */
  readonly name: string;
  /** What the key holds while the lock is ours; "" where there is no lock. */
  readonly token: string;
  /** Rises with every grant of this lock; null where there is no lock. */
  readonly fencingToken: number | null;
  /** Monotonic clock, in ns; null where there is no lock. */
  readonly grantedAtNs: bigint | null;
  /** Monotonic clock, in ms: the lease is over by then, perhaps a little earlier. */
  readonly expiresAtMs: number;
  /** What the key that the lock guards held when it was granted; undefined where the lock does not look. */
  readonly guarded?: number | undefined;
  /** True when the lock was not handed over, because what it guards was gone: `guarded` says so, and nothing is held. */
  readonly seenOnly?: boolean;
}

export interface Lock {
  /**
   * Waits for its turn until the deadline (monotonic clock, in ms).
   * @returns null when the lock was not obtained in time
   * @throws Unavailable when Redis does not answer
   */
  acquire(name: string, deadlineMs: number): Promise<Hold | null>;
  /** Gives the lock up if it is still ours, otherwise does nothing. */
  release(hold: Hold): Promise<void>;
  /** Turns away everybody who waits, as if their time had run out. */
  close(): Promise<void>;
}
