import type { Reading } from "../quorum/readings.ts";

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
  /** How long the nodes took to grant it once it was free, in ms; undefined for a lock of one node. */
  readonly awayMs?: number;
  /** What the key that the lock guards held when it was granted; undefined where the lock does not look. */
  readonly guarded?: number | undefined;
  /** What a majority of nodes knows of what the lock guards; undefined for a lock of one node. */
  readonly reading?: Reading;
  /** True when the lock was not handed over, because what it guards was gone: `guarded` says so, and nothing is held. */
  readonly seenOnly?: boolean;
}

export interface Lock {
  /**
   * Waits for its turn until the deadline (monotonic clock, in ms).
   * @param token names the owner; all locks of an order have the same
   * @param alone whether the order needs no other lock: then it may go on under the grant of another order of this process
   * @returns null when the lock was not obtained in time
   * @throws Unavailable when Redis does not answer
   */
  acquire(name: string, deadlineMs: number, token: string, alone?: boolean): Promise<Hold | null>;
  /** Gives the lock up if it is still ours, otherwise does nothing. */
  release(hold: Hold): Promise<void>;
  /** Turns away everybody who waits in this process, as if their time had run out; others may come. */
  turnAway?(): void;
  /** Turns away everybody who waits, as if their time had run out. */
  close(): Promise<void>;
}

/** For whom others have seen that nothing is left. The token was never the owner's, so whoever would write under it is refused. */
export function sawNothing(name: string, token: string): Hold {
  const grantedAtNs = process.hrtime.bigint();
  return { name, token, fencingToken: null, grantedAtNs, expiresAtMs: Infinity, guarded: 0, seenOnly: true };
}
