import type { Hindrances } from "../lock-log/hindrances.ts";
import { askedSince, type Held } from "../lock-log/holds.ts";
import type { GuardedWrite } from "../lock-log/lock-op.ts";
import { type Span, overlaps } from "../lock-log/spans.ts";
import { type Overlap, sameOwner } from "./overlap.ts";

/** A second owner who got the lock only because a node had lost its memory of the first. */
export interface Forgotten extends Overlap {
  /** What the second wrote under the lock; null where the wire shows no such write. */
  readonly write: GuardedWrite | null;
  /** `yes`: both went on; `no`: the second made nothing of it, or the first was dead. */
  readonly worked: Sight;
}

type Sight = "yes" | "no" | "unknown";

/**
 * Two who had a majority within the validity of both, where only a lost node
 * made it possible. A sound shop may see that the node has lost its memory and
 * give up at once, so it is a violation only if the second goes on to work while
 * the first still has the lock.
 * @param holds of one product
 * @param writes of the same
 */
export function forgottenIn(
  holds: readonly Held[],
  writes: readonly GuardedWrite[],
  hindrances: Hindrances,
): Forgotten[] {
  const effective = writes.filter(({ effect }) => effect === "yes");
  return pairsIn(holds).map((pair) => {
    const { first, second, both } = pair;
    const done = workOf(second, { from: both.from, to: endOf(second, both) }, holds, effective);
    const ended = hindrances.killed(first.attempt.server, { from: askedSince(first), to: both.from });
    if (ended || done.worked === "no") return { ...pair, write: null, worked: "no" };
    const went = wentOn(first, both.from, effective, hindrances);
    return { ...pair, write: done.write, worked: done.worked === "yes" && went ? "yes" : "unknown" };
  });
}

function pairsIn(holds: readonly Held[]): Overlap[] {
  const spans = holds.flatMap((held) => held.valid.map((span) => ({ held, ...span }))).sort((a, b) => a.from - b.from);
  const found: Overlap[] = [];
  let active: typeof spans = [];
  for (const span of spans) {
    active = active.filter(({ to }) => to > span.from);
    for (const { held, to } of active) {
      if (sameOwner(held, span.held) || certainlyBoth(held, span.held)) continue;
      found.push({ first: held, second: span.held, both: { from: span.from, to: Math.min(to, span.to) } });
    }
    active.push(span);
  }
  return found;
}

/** These two are an overlap anyhow. */
function certainlyBoth(one: Held, other: Held): boolean {
  return one.certain.some((span) => other.certain.some((hold) => overlaps(span, hold)));
}

/** What an owner did under the lock: he wrote what it guards, or set its lease anew. */
function workOf(
  owner: Held,
  during: Span,
  holds: readonly Held[],
  effective: readonly GuardedWrite[],
): { readonly worked: Sight; readonly write: GuardedWrite | null } {
  const { token, server, extended } = owner.attempt;
  const within = ({ sentAt }: { readonly sentAt: number }): boolean => sentAt >= during.from && sentAt <= during.to;
  const his = effective.filter((write) => write.command.server === server && within(write.command));
  const write = his.find((one) => one.token === token || (one.token === null && isAlone(owner, one, holds)));
  if (write !== undefined) return { worked: "yes", write };
  if (extended.some(({ effect, command }) => effect === "yes" && within(command)))
    return { worked: "yes", write: null };
  // Where no write of this product was ever seen, work does not show on the wire.
  const hidden = effective.length === 0 || his.some((one) => one.token === null);
  return { worked: hidden ? "unknown" : "no", write: null };
}

/** Nobody else of that server can have held the lock when it was written. */
function isAlone(owner: Held, { command }: GuardedWrite, holds: readonly Held[]): boolean {
  const moment = { from: command.sentAt, to: command.repliedAt ?? Infinity };
  return holds.every(
    (other) =>
      other === owner ||
      other.attempt.server !== command.server ||
      !other.possible.some((span) => overlaps(span, moment)),
  );
}

/** True when the first owner certainly had not stopped before that moment: he still wrote, or gave the lock up later. */
function wentOn(first: Held, since: number, effective: readonly GuardedWrite[], hindrances: Hindrances): boolean {
  const { token, server, released, extended } = first.attempt;
  if (effective.some((write) => write.token === token && write.command.sentAt >= since)) return true;
  if (extended.some(({ effect, command }) => effect === "yes" && command.sentAt >= since)) return true;
  // Where a node was out of reach he may have wanted to give it up before.
  return released.some(
    ({ command: { sentAt, node } }) =>
      sentAt >= since && !hindrances.cutOff(server, node, { from: askedSince(first), to: sentAt }),
  );
}

function endOf({ valid }: Held, { from }: Span): number {
  return valid.find((span) => span.from <= from && from <= span.to)?.to ?? from;
}
