import { longest } from "../lock-log/lease-ends.ts";
import { isGrant } from "../lock-log/judge-locks.ts";
import type { LockOp } from "../lock-log/lock-op.ts";

/** What became of a grant. */
export interface Fate {
  /** When a release was sent for it; null: never. */
  readonly givenUpAt: number | null;
  /** When its lease, however often it was extended, was over at the latest. */
  readonly leaseEnd: number;
}

/** A lock that one node granted to one owner, perhaps several times while it lasted. */
interface Standing {
  readonly token: string | null;
  readonly server: number;
  givenUpAt: number | null;
  leaseEnd: number;
}

/**
 * Ties releases to grants, node by node. Each release gives up one grant: the
 * last of its token that is still there or, where it names none, the last of
 * its server. A grant under the same token while the lease may still run is the
 * same lock once more, and one release is enough for both.
 * @param ops in the order of sending
 */
export function fatesIn(ops: readonly LockOp[]): ReadonlyMap<LockOp, Fate> {
  const fates = new Map<LockOp, Standing>();
  const places = new Map<string, Standing[]>();
  for (const op of ops) {
    const place = `${String(op.product)} ${String(op.command.node)}`;
    const open = places.get(place) ?? [];
    places.set(place, open);
    if (isGrant(op)) fates.set(op, granted(op, open));
    else if (op.deed === "extend" && op.effect !== "no") {
      for (const one of open) if (isMeant(op, one)) prolong(one, op);
    } else if (op.deed === "release") {
      const last = open.findLastIndex((one) => isMeant(op, one));
      for (const one of last < 0 ? [] : open.splice(last, 1)) one.givenUpAt = op.command.sentAt;
    }
  }
  return fates;
}

function granted(op: LockOp, open: Standing[]): Standing {
  const { token, command } = op;
  const again = open.findLast((one) => token !== null && one.token === token);
  if (again !== undefined && again.leaseEnd >= (command.forwardedAt ?? command.sentAt)) {
    prolong(again, op);
    return again;
  }
  const fresh = { token, server: command.server, givenUpAt: null, leaseEnd: longest(command.repliedAt, op.ttlMs) };
  open.push(fresh);
  return fresh;
}

function isMeant({ token, command }: LockOp, one: Standing): boolean {
  return token === null ? one.server === command.server : one.token === token;
}

function prolong(one: Standing, { command, ttlMs }: LockOp): void {
  const end = longest(command.repliedAt, ttlMs);
  // What never had a lease has one now.
  one.leaseEnd = one.leaseEnd === Infinity ? end : Math.max(one.leaseEnd, end);
}
