import { shortest } from "./lease-ends.ts";
import { type Effect, type LockOp, isAfter } from "./lock-op.ts";

/** A lock as one token last had it on one node. */
interface Last {
  readonly grant: LockOp;
  /** Until when nothing but a release can have ended it. */
  keptUntil: number;
  /** What may have ended it. */
  release: LockOp | null;
}

/**
 * Tells what some answers do not: a script that releases a lock without saying
 * whether it did has done so while its owner's lease certainly ran, and one
 * that takes a lock or finds it to be its owner's has taken it where he did not
 * have it yet.
 * @param ops in the order of sending
 */
export function inferEffects(ops: readonly LockOp[]): LockOp[] {
  const known = new Map<string, Last>();
  /** When each lock's lease was last set anew by who knows whom. */
  const retimed = new Map<string, number>();
  return ops.map((op) => {
    const place = JSON.stringify([op.command.node, op.key]);
    if (op.deed === "extend" && op.token === null && op.effect !== "no") retimed.set(place, op.command.sentAt);
    if (op.token === null || op.deed === "read") return op;
    const lock = JSON.stringify([op.command.node, op.key, op.token]);
    const last = known.get(lock);
    const effect =
      op.effect === "unknown" && op.command.repliedAt !== null ? inferred(op, last, retimed.get(place)) : op.effect;
    const told = effect === op.effect ? op : { ...op, effect };
    if (effect !== "no") {
      const next = after(told, last);
      if (next !== undefined) known.set(lock, next);
    }
    return told;
  });
}

function inferred(op: LockOp, last: Last | undefined, retimedAt = -Infinity): Effect {
  if (op.orKept === true) return last === undefined || isFreedBefore(op, last) ? "yes" : "unknown";
  if (op.deed !== "release" || !op.compared || last?.release !== null) return "unknown";
  const keptUntil = retimedAt >= last.grant.command.sentAt ? -Infinity : last.keptUntil;
  return isAfter(op, last.grant) && (op.command.repliedAt ?? Infinity) <= keptUntil ? "yes" : "unknown";
}

function isFreedBefore(op: LockOp, { release }: Last): boolean {
  return release?.effect === "yes" && isAfter(op, release);
}

function after(op: LockOp, last: Last | undefined): Last | undefined {
  const end = shortest(op.command.sentAt, op.ttlMs);
  if (op.deed === "release") return last === undefined ? undefined : { ...last, release: last.release ?? op };
  if (op.deed === "extend") {
    if (last === undefined) return undefined;
    return { ...last, keptUntil: op.effect === "yes" ? end : Math.min(end, last.keptUntil) };
  }
  // What was perhaps not granted is there until nobody knows when.
  return { grant: op, keptUntil: op.effect === "yes" ? end : -Infinity, release: null };
}
