import type { Hindrances } from "../lock-log/hindrances.ts";
import { askedSince, type Held } from "../lock-log/holds.ts";
import type { GuardedWrite, LockOp } from "../lock-log/lock-op.ts";
import { sameOwner } from "./overlap.ts";

/** An owner who gave the lock up only when somebody else had come to hold it: his lease had been over for a while. */
export interface Overrun {
  readonly late: Held;
  readonly release: LockOp;
  readonly other: Held;
  /** A write of his server after his lease that names no owner; null where no write is ever seen. */
  readonly write: GuardedWrite | null;
}

/**
 * The first owner who may have gone on to work after his lease, where it does
 * not show: no write is ever seen of what the lock guards, or his server wrote
 * meanwhile and the write names no owner. A write that is seen is a trespass,
 * or is none.
 * @param holds of one product
 * @param writes of the same
 */
export function hiddenOverrun(
  holds: readonly Held[],
  writes: readonly GuardedWrite[],
  hindrances: Hindrances,
): Overrun | undefined {
  for (const late of holds) {
    const [release] = late.attempt.released;
    const ended = endOf(late);
    if (release === undefined || ended === undefined || release.command.sentAt <= ended) continue;
    const { sentAt: givenUp, node, server } = release.command;
    // He may have wanted to give it up in time.
    if (hindrances.cutOff(server, node, { from: askedSince(late), to: givenUp })) continue;
    const isHidden = ({ command, token, effect }: GuardedWrite): boolean =>
      token === null &&
      effect === "yes" &&
      command.server === server &&
      command.sentAt > ended &&
      command.sentAt < givenUp;
    const write = writes.find(isHidden) ?? null;
    if (write === null && writes.length > 0) continue;
    const other = holds.find(
      (held) => !sameOwner(held, late) && held.certain.some(({ from }) => from >= ended && from < givenUp),
    );
    if (other !== undefined) return { late, release, other, write };
  }
  return undefined;
}

/** By his own reckoning, which knows of no lost node. */
function endOf({ certain, valid }: Held): number | undefined {
  return (valid.length > 0 ? valid : certain).at(-1)?.to;
}
