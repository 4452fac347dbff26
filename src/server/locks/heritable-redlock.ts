import type { Reading } from "../quorum/readings.ts";
import type { Poll } from "../redis/poll.ts";
import type { Hold } from "./lock.ts";
import type { HeritableLock } from "./queued-lock.ts";
import { type Asking, type GrantTimes, Redlock, type RedlockTools } from "./redlock.ts";

/** What a hold may leave to another owner. */
interface Estate {
  readonly asking: Asking;
  /** What holds after its sale; undefined while nothing was sold, or nobody knows what became of it. */
  next: Reading | undefined;
}

/**
 * A Redlock that an owner whose sale is in the ledger may leave to the next
 * buyer of this process. Both are the same owner to the nodes, under one token
 * and one lease; the fencing token rises as with every grant. That saves the
 * nodes a release and a question for each buyer but the first.
 */
export class HeritableRedlock extends Redlock implements HeritableLock {
  readonly #nodes: RedlockTools["nodes"];
  readonly #leaseMs: number;
  readonly #estates = new WeakMap<Hold, Estate>();

  constructor(tools: RedlockTools) {
    super(tools);
    this.#nodes = tools.nodes;
    this.#leaseMs = tools.leaseMs;
  }

  /**
   * Not in the second half of the lease: an heir shall have time enough. Nor when
   * the nodes are away, although the lease would allow it: he has to ask, and is
   * told so.
   */
  heir(hold: Hold): Hold | null {
    const estate = this.#estates.get(hold);
    const next = estate?.next;
    if (estate === undefined || next === undefined) return null;
    if (this.#nodes.answering < this.#nodes.quorum) return null;
    if (hold.expiresAtMs - performance.now() < this.#leaseMs / 2) return null;
    const { fencingToken, units } = next;
    const grantedAtNs = process.hrtime.bigint();
    return this.#heritable({ ...hold, fencingToken, grantedAtNs, guarded: units }, next, estate.asking);
  }

  protected override hold(asking: Asking, times: GrantTimes, poll: Poll): Hold {
    const hold = super.hold(asking, times, poll);
    return hold.reading === undefined ? hold : this.#heritable(hold, hold.reading, asking);
  }

  #heritable(hold: Hold, reading: Reading, asking: Asking): Hold {
    const estate: Estate = { asking, next: undefined };
    const goesOn = (next: Reading): void => {
      estate.next = next;
    };
    const heritable = { ...hold, reading: { ...reading, goesOn } };
    this.#estates.set(heritable, estate);
    return this.remember(heritable, asking);
  }
}
