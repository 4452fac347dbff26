import type { Held } from "../lock-log/holds.ts";
import { isGrant, isRefusal } from "../lock-log/judge-locks.ts";
import type { GuardedWrite, LockOp } from "../lock-log/lock-op.ts";
import type { Try } from "../lock-log/tries.ts";

/** One token under which two owners had the lock, or asked for it, at once: the proof in the order of sending. */
export interface Sharing {
  readonly attempt: Try;
  readonly proof: readonly LockOp[];
  /** Work that went on under the token after it had been given up. */
  readonly write: GuardedWrite | null;
}

/**
 * Finds tokens that two share. A sound owner who has the lock does not ask for
 * it again before he gives it up, and gives it up once. So either the lock was
 * granted twice and given up twice after it; or somebody who asked was refused
 * because of his own token, a release then freed the lock, and under that token
 * there was still a second release or a write to come.
 * @param writes under this token, until it was asked for again
 */
export function sharingIn(
  { attempt, certain }: Held,
  quorum: number,
  writes: readonly GuardedWrite[],
): Sharing | undefined {
  const twice = releasedTwice(attempt);
  if (twice === undefined || certain.length === 0) {
    return workedOn(attempt, certain, quorum, writes);
  }
  const [first, second] = certain;
  const again = attempt.asked.find((op) => isGrant(op) && op.command.deliveredAt === second?.from);
  if (first !== undefined && again !== undefined) {
    const before = attempt.asked.filter((op) => isGrant(op) && (op.command.deliveredAt ?? Infinity) <= first.from);
    return { attempt, proof: [...before.slice(-2), again, ...twice], write: null };
  }
  const refused = refusedByItself(attempt, certain, quorum);
  return refused === undefined ? undefined : { attempt, proof: [...refused, ...twice], write: null };
}

/** Two releases that were sent to one node, of which the first had its effect. */
function releasedTwice({ released }: Try): readonly LockOp[] | undefined {
  const first = new Map<number, LockOp>();
  for (const op of released) {
    const before = first.get(op.command.node);
    if (before === undefined) first.set(op.command.node, op);
    else if (before.effect === "yes" && op.command.sentAt > (before.command.deliveredAt ?? Infinity))
      return [before, op];
  }
  return undefined;
}

function workedOn(
  attempt: Try,
  certain: Held["certain"],
  quorum: number,
  writes: readonly GuardedWrite[],
): Sharing | undefined {
  const refused = refusedByItself(attempt, certain, quorum);
  const freed = attempt.released.find(({ effect }) => effect === "yes");
  if (refused === undefined || freed === undefined) return undefined;
  const write = writes.find(
    ({ product, command }) => product === attempt.product && command.sentAt > (freed.command.deliveredAt ?? Infinity),
  );
  return write === undefined ? undefined : { attempt, proof: [...refused, freed], write };
}

/** Refusals by a majority while the lock was certainly held under the very token that asked. */
function refusedByItself({ asked }: Try, certain: Held["certain"], quorum: number): readonly LockOp[] | undefined {
  const refusals = new Map<number, LockOp>();
  for (const op of asked) {
    const { sentAt, node, deliveredAt } = op.command;
    const held = certain.some(({ from, to }) => sentAt > from && (deliveredAt ?? Infinity) < to);
    if (isRefusal(op) && held && !refusals.has(node)) refusals.set(node, op);
  }
  if (refusals.size < quorum) return undefined;
  const [first] = refusals.values();
  const grants = asked.filter((op) => isGrant(op) && op.command.sentAt < (first?.command.sentAt ?? 0));
  return [...grants.slice(0, 3), ...[...refusals.values()].slice(0, 2)];
}
