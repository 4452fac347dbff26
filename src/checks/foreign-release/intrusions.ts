import type { Hindrances } from "../lock-log/hindrances.ts";
import { longest, shortest } from "../lock-log/lease-ends.ts";
import { isGrant } from "../lock-log/judge-locks.ts";
import { type LockOp, isSweep } from "../lock-log/lock-op.ts";
import type { Losses } from "../lock-log/losses.ts";

/** A command that took away, replaced or re-timed a lock that was certainly somebody else's. */
export interface Intrusion {
  readonly kind: "released a foreign lock" | "extended a foreign lock" | "overwrote a foreign lock";
  readonly intruder: LockOp;
  /** The grant that it struck. */
  readonly victim: LockOp;
}

/** A grant that may still be in force on its node. */
interface Standing {
  readonly grant: LockOp;
  /** The earliest and the latest moment at which its lease may end. */
  earliestEnd: number;
  latestEnd: number;
  /** True when something else may have removed it already. */
  doubtful: boolean;
  /** By when something else had removed it for certain. */
  goneBy: number;
}

/**
 * Goes through what one node did to one lock key. A command was executed at
 * some moment between being passed on and its reply; whoever may have held the
 * key then is a suspect, and only if every suspect is somebody else is it an intrusion.
 * @param ops of one node and key that had, or may have had, an effect
 */
export function intrusionsOn(ops: readonly LockOp[], losses: Losses, hindrances: Hindrances): Intrusion[] {
  const ordered = ops
    .filter(({ deed, effect }) => deed !== "read" && effect !== "no")
    .sort((a, b) => passedOn(a) - passedOn(b));
  const found: Intrusion[] = [];
  let standing: Standing[] = [];
  ordered.forEach((op, place) => {
    standing = standing.filter(({ latestEnd, goneBy }) => Math.min(latestEnd, goneBy) >= passedOn(op));
    const kind = kindOf(op);
    const victim =
      kind === undefined
        ? undefined
        : op.deed === "overwrite" || isSweep(op)
          ? overwritten(op, standing, losses)
          : struck(op, suspects(op, standing, ordered, place));
    if (kind !== undefined && victim !== undefined && !ownerDied(victim, op, hindrances)) {
      found.push({ kind, intruder: op, victim });
    }
    standing = after(op, standing);
  });
  return found;
}

function kindOf({ deed, effect, compared }: LockOp): Intrusion["kind"] | undefined {
  if (effect !== "yes") return undefined;
  if (deed === "release") return "released a foreign lock";
  if (deed === "overwrite") return "overwrote a foreign lock";
  return deed === "extend" && !compared ? "extended a foreign lock" : undefined;
}

/** Every grant that this command may have met, those included that came while it was under way. */
function suspects(op: LockOp, standing: readonly Standing[], ordered: readonly LockOp[], place: number): LockOp[] {
  const met = standing.map(({ grant }) => grant);
  for (let next = place + 1; next < ordered.length; next += 1) {
    const later = ordered[next];
    if (later === undefined || passedOn(later) > (op.command.repliedAt ?? Infinity)) break;
    if (later.deed === "acquire" || later.deed === "overwrite") met.push(later);
  }
  return met;
}

/** A comparing command can only have met its own token; any other may have met whichever was there. */
function struck(op: LockOp, met: readonly LockOp[]): LockOp | undefined {
  const possible = op.compared ? met.filter(({ token }) => token === op.token) : met;
  return possible.every((grant) => isForeign(op, grant)) ? possible.find(isGrant) : undefined;
}

/** An overwriting command tells nothing of what was there: the victim must certainly have been. */
function overwritten(op: LockOp, standing: readonly Standing[], losses: Losses): LockOp | undefined {
  const { command } = op;
  const repliedAt = command.repliedAt ?? Infinity;
  return standing.find(
    ({ grant, doubtful, earliestEnd }) =>
      isForeign(op, grant) &&
      isGrant(grant) &&
      !doubtful &&
      (grant.command.repliedAt ?? Infinity) < passedOn(op) &&
      Math.min(earliestEnd, losses.keptUntil(command.node, grant.command.sentAt)) > repliedAt,
  )?.grant;
}

function isForeign(op: LockOp, { token, command }: LockOp): boolean {
  return command.server !== op.command.server || (op.token !== null && token !== op.token);
}

/** Whoever clears up after a dead owner does nothing wrong. */
function ownerDied({ command: { server, sentAt } }: LockOp, { command }: LockOp, hindrances: Hindrances): boolean {
  return hindrances.killed(server, { from: sentAt, to: command.repliedAt ?? Infinity });
}

function after(op: LockOp, standing: readonly Standing[]): Standing[] {
  const { deed, effect, ttlMs, command } = op;
  const before = ({ grant }: Standing): boolean => (grant.command.repliedAt ?? Infinity) <= passedOn(op);
  if (deed === "extend") {
    return standing.map((one) => ({
      ...one,
      earliestEnd: Math.min(one.earliestEnd, shortest(command.sentAt, ttlMs)),
      latestEnd: Math.max(one.latestEnd, longest(command.repliedAt, ttlMs)),
    }));
  }
  // A key that was free, or was removed, or replaced, holds no grant from before: what is passed on after the reply meets none.
  const goneBy = effect === "yes" ? (command.repliedAt ?? Infinity) : Infinity;
  const left = standing.map((one) => ({
    ...one,
    doubtful: true,
    goneBy: before(one) ? Math.min(one.goneBy, goneBy) : one.goneBy,
  }));
  if (deed === "release") return left;
  const latestEnd = longest(command.repliedAt, ttlMs);
  const earliestEnd = shortest(command.sentAt, ttlMs);
  return [...left, { grant: op, earliestEnd, latestEnd, doubtful: effect !== "yes", goneBy: Infinity }];
}

function passedOn({ command }: LockOp): number {
  return command.forwardedAt ?? command.sentAt;
}
