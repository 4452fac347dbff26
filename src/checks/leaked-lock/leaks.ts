import type { Hindrances } from "../lock-log/hindrances.ts";
import { isGrant } from "../lock-log/judge-locks.ts";
import type { LockOp } from "../lock-log/lock-op.ts";
import type { LockStory } from "../lock-log/lock-story.ts";
import type { Try } from "../lock-log/tries.ts";
import { Looks } from "./looks.ts";
import { type Fate, fatesIn } from "./releases.ts";

/** A grant that nobody gave up, or that would never have ended by itself. */
export interface Leak {
  readonly kind: "left to its lease" | "without a lease";
  readonly grant: LockOp;
  readonly attempt: Try;
  readonly givenUp: boolean;
  /** A look of its server, perhaps the owner's, that no longer found it there; null: none. */
  readonly seenGone: LockOp | null;
}

export interface Leaks {
  readonly found: readonly Leak[];
  /** Grants that were not given up, perhaps because of a fault or because the owner saw that they were gone, perhaps not. */
  readonly unclear: readonly Leak[];
  /** Grants that were not given up because of a fault. */
  readonly excused: number;
  readonly grants: number;
}

/**
 * Every grant that a node gave, whether its owner heard of it or not, must have
 * a lease, and be followed by a release to that node.
 * @param before grants that were asked for later may belong to work that still goes on, in ns
 */
export function leaksIn(story: LockStory, hindrances: Hindrances, before: number): Leaks {
  const fates = fatesIn(story.log.ops);
  const looks = new Looks(story.log.ops);
  const lastUse = lastUses(story.log.ops);
  const leaks: Record<Excuse, Leak[]> = { none: [], unclear: [], fault: [] };
  let grants = 0;
  for (const { attempt } of story.holds) {
    for (const grant of attempt.asked) {
      const fate = fates.get(grant);
      if (fate === undefined || !isGrant(grant) || grant.command.sentAt >= before) continue;
      grants += 1;
      const kind = hasLease(grant, attempt) ? "left to its lease" : "without a lease";
      const givenUp = fate.givenUpAt !== null;
      if (givenUp && kind === "left to its lease") continue;
      const excuse = excuseOf({ grant, attempt, fate, kind }, story, hindrances, lastUse);
      const seenGone = excuse === "none" && kind === "left to its lease" ? looks.takeGone(grant) : null;
      leaks[seenGone === null ? excuse : "unclear"].push({ kind, grant, attempt, givenUp, seenGone });
    }
  }
  return { found: leaks.none, unclear: leaks.unclear, excused: leaks.fault.length, grants };
}

/** SET NX and then EXPIRE, or a second SET, gives a lease too, in the end. */
function hasLease({ ttlMs, command }: LockOp, { asked, extended }: Try): boolean {
  if (ttlMs !== null) return true;
  return [...asked, ...extended].some(
    (op) => op.effect !== "no" && op.ttlMs !== null && op.command.node === command.node,
  );
}

/** When the last command of a connection was sent, and the last of those that were answered. */
interface Use {
  readonly sentAt: number;
  readonly answeredAt: number;
}

const NEVER_USED: Use = { sentAt: -Infinity, answeredAt: -Infinity };

function lastUses(ops: readonly LockOp[]): Map<number, Use> {
  const uses = new Map<number, Use>();
  for (const { command } of ops) {
    const { sentAt, connection } = command;
    const { answeredAt } = uses.get(connection) ?? NEVER_USED;
    uses.set(connection, { sentAt, answeredAt: command.repliedAt === null ? answeredAt : sentAt });
  }
  return uses;
}

type Excuse = "none" | "unclear" | "fault";

interface Suspicion extends Pick<Leak, "kind" | "grant" | "attempt"> {
  readonly fate: Fate;
}

/** Whether a fault kept the owner from giving it up, or took the lock away. */
function excuseOf(
  { kind, grant, attempt, fate }: Suspicion,
  { losses }: LockStory,
  hindrances: Hindrances,
  lastUse: ReadonlyMap<number, Use>,
): Excuse {
  const { server, node, sentAt, connection } = grant.command;
  const during = { from: sentAt, to: fate.leaseEnd };
  const lostAt = losses.lostBy(node, sentAt);
  if (kind === "without a lease") {
    if (lostAt < Infinity) return "fault";
    // Nothing ends a lock without a lease, so no fault makes it harmless, unless it was given up all the same.
    if (fate.givenUpAt === null) return "none";
    const before = { from: sentAt, to: fate.givenUpAt };
    return hindrances.stopped(server, before) || hindrances.cutOff(server, node, before) ? "fault" : "none";
  }
  if (lostAt <= fate.leaseEnd || hindrances.stopped(server, during)) return "fault";
  if (hindrances.cutOff(server, node, during)) {
    // He gave it up elsewhere and went on using this very connection: then he could have done it here.
    const gaveUpAt = Math.min(Infinity, ...attempt.released.map((op) => op.command.sentAt));
    const { sentAt: lastSent, answeredAt: lastAnswered } = lastUse.get(connection) ?? NEVER_USED;
    // What a killed node left unanswered may have broken the connection before the release behind it was sent.
    const used = hindrances.died(node, during) ? lastAnswered : lastSent;
    if (gaveUpAt === Infinity || used < gaveUpAt) return "fault";
  }
  // An owner whose work took longer than his lease may have died over it.
  const afterwards = { from: fate.leaseEnd, to: Infinity };
  return lostAt < Infinity || hindrances.killed(server, afterwards) ? "unclear" : "none";
}
