import type { Held } from "../lock-log/holds.ts";
import { isGrant } from "../lock-log/judge-locks.ts";
import type { LockOp } from "../lock-log/lock-op.ts";
import { SpanIndex } from "../lock-log/span-index.ts";

/** An owner who lost his lock, and took it again under the same token as if nothing had happened. */
export interface Retaken {
  readonly owner: Held;
  /** Who had the lock in between. */
  readonly between: Held;
  readonly proof: readonly LockOp[];
}

/**
 * Within one try, without a release, the lock was certainly held, then certainly
 * held by another, then certainly held again. The token tells the two turns not
 * apart, so nothing can refuse what the first turn has still to write.
 * @param holds of one product
 */
export function retakenIn(holds: readonly Held[]): Retaken[] {
  const turns = new SpanIndex(holds.flatMap((owner) => owner.certain.map((span) => ({ ...span, owner }))));
  return holds.flatMap((owner) =>
    owner.certain.slice(1).flatMap((later, place) => {
      const earlier = owner.certain[place];
      if (earlier === undefined) return [];
      const between = turns.begunWithin(
        earlier.from,
        later.from,
        (other) => other.attempt.token !== owner.attempt.token,
      );
      return between === undefined ? [] : [{ owner, between, proof: proofOf(owner, between, later.from) }];
    }),
  );
}

function proofOf({ attempt }: Held, between: Held, again: number): LockOp[] {
  const grants = attempt.asked.filter(isGrant);
  const other = between.attempt.asked.filter(isGrant).slice(0, 2);
  const lost = other[0]?.command.sentAt ?? again;
  return [
    ...grants.filter(({ command }) => command.sentAt < lost).slice(-2),
    ...other,
    ...grants.filter(({ command }) => command.sentAt >= lost).slice(0, 2),
  ];
}
