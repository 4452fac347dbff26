import type { Plan } from "../../domain/plan.ts";
import type { Case, Ruling } from "../check.ts";
import { inconclusiveFor } from "../inconclusive.ts";
import { count } from "../wording.ts";
import type { LockOp } from "./lock-op.ts";
import { declined } from "./effects.ts";
import { shown } from "./interleaving.ts";
import { passesOn } from "./script-deeds.ts";
import { isTapped, type LockStory, storyOf } from "./lock-story.ts";

/** The checks of locks go by the wire, and by what the contract says of lock keys. */
export function seesLocks({ stack, target }: Plan): boolean {
  return stack.tap && target.lockKeys !== null;
}

/**
 * The checks of locks may be left out where nobody asked for them (the tap is
 * there for the faults), and the lock passes from one waiter to the next within
 * Redis, which the wire does not show.
 */
export function mayLeaveOutLocks(run: Case): string | undefined {
  if (!isTapped(run) || !run.plan.stack.tapForFaults || !seesLocks(run.plan)) return undefined;
  const reason = storyOf(run).log.opaque.find(passesOn);
  if (reason === undefined) return undefined;
  const what = "the lock passes from owner to owner within Redis, and the wire does not show to whom";
  return `${what} (${reason}); \`stack: { tap: true }\` would insist on them`;
}

/** Judges by who held which lock when, or says why nobody can know. */
export function judgeLocks(run: Case, expected: string, judge: (story: LockStory) => Ruling): Ruling {
  const inconclusive = inconclusiveFor(expected);
  if (!isTapped(run)) {
    // On a stack without a tap nobody would have asked: such a plan is judged without.
    return inconclusive("no wire log", "the tap between servers and Redis died, or what it recorded could not be read");
  }
  const { lost } = run.wire;
  if (lost.length > 0) {
    const what = `${count(lost.length, "connection")} could not be followed: what they did to locks is not known`;
    return inconclusive("wire lost", what, lost.slice(0, 5));
  }
  const story = storyOf(run);
  const { opaque, ops } = story.log;
  if (opaque.length > 0) {
    const what = `what touched a lock key could not be understood, so nobody knows who held it: ${opaque[0] ?? ""}`;
    return inconclusive("lock not understood", what, opaque.slice(0, 5));
  }
  if (!ops.some(isGrant)) {
    return inconclusive("no lock taken", nothingTaken(run.plan, ops.length));
  }
  return judge(story);
}

function nothingTaken({ target, products }: Plan, seen: number): string {
  const commands = `${count(seen, "command")} on lock keys, and none took a lock`;
  if (seen > 0) return commands;
  const key = target.lockKeys?.lock.replaceAll("${product}", products[0]?.id ?? "?");
  const ways = `another name (some libraries put a prefix before it), or by a way to Redis other than \${redis.url}`;
  return `${commands}: nothing named ${shown(key ?? "?")}; if the shop does lock, then under ${ways}`;
}

export function isGrant({ deed, effect }: LockOp): boolean {
  return effect === "yes" && (deed === "acquire" || deed === "overwrite");
}

/** True when somebody asked for a lock in vain: the node answered, and gave it to nobody. */
export function isRefusal({ deed, effect, command }: LockOp): boolean {
  if (deed !== "acquire" || effect !== "no" || command.repliedAt === null) return false;
  return (
    declined(command) || command.reply === null || typeof command.reply !== "object" || Array.isArray(command.reply)
  );
}
