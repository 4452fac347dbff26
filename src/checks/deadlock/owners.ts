import { type Held, ownerName } from "../lock-log/holds.ts";
import { isGrant, isRefusal } from "../lock-log/judge-locks.ts";
import type { LockOp } from "../lock-log/lock-op.ts";
import type { LockStory } from "../lock-log/lock-story.ts";
import { type Span, heldByQuorum, overlaps } from "../lock-log/spans.ts";

/** An owner who kept being refused one lock while he certainly held others. */
export interface Waiting {
  readonly owner: string;
  readonly product: number;
  /** From the first refusal until he asked for the last time. */
  readonly span: Span;
  /** Products whose lock he held all that time or part of it. */
  readonly held: readonly number[];
  readonly grants: readonly LockOp[];
  readonly refusals: readonly LockOp[];
}

/** The owners that asked for more than one lock, and when they waited for one with another in hand. */
export function ownersIn({ holds }: LockStory): { readonly several: number; readonly waits: readonly Waiting[] } {
  const owners = new Map<string, Held[]>();
  for (const held of holds) {
    const owner = ownerName(held.attempt);
    const mine = owners.get(owner);
    if (mine === undefined) owners.set(owner, [held]);
    else mine.push(held);
  }
  const several = [...owners].filter(([, mine]) => new Set(mine.map(({ attempt }) => attempt.product)).size > 1);
  return { several: several.length, waits: several.flatMap(([owner, mine]) => waitsOf(owner, mine)) };
}

function waitsOf(owner: string, mine: readonly Held[]): Waiting[] {
  const products = [...new Set(mine.map(({ attempt }) => attempt.product))];
  return products.flatMap((product) => {
    const asked = mine.filter(({ attempt }) => attempt.product === product);
    const others = mine.filter(({ attempt }) => attempt.product !== product);
    return stretchesOf(asked, others).flatMap(({ span, refusals }) => {
      const then = others.filter(({ certain }) => certain.some((hold) => overlaps(hold, span)));
      if (then.length === 0) return [];
      const grants = then.flatMap(({ attempt }) => attempt.asked.filter(isGrant).slice(0, 1));
      const held = [...new Set(then.map(({ attempt }) => attempt.product))];
      return [{ owner, product, span, held, grants: grants.slice(0, 2), refusals }];
    });
  });
}

/** One wait for one lock: from the first refusal until he asked for the last time. */
type Stretch = Pick<Waiting, "span" | "refusals">;

/**
 * Whoever gives up all that he has, comes back and is refused again has not
 * waited in between: nobody was held up by him.
 */
function stretchesOf(asked: readonly Held[], others: readonly Held[]): Stretch[] {
  const inHand = heldByQuorum([others.flatMap(({ certain }) => certain)], 1);
  const granted = asked.flatMap(({ certain }) => certain.map(({ from }) => from));
  const goesOn = (from: number, to: number): boolean =>
    (to <= from || inHand.some((span) => span.from <= from && to <= span.to)) &&
    !granted.some((at) => at > from && at <= to);
  const found: Stretch[] = [];
  let first: LockOp | undefined;
  let last: LockOp | undefined;
  const close = (): void => {
    const span = { from: first?.command.deliveredAt ?? Infinity, to: last?.command.sentAt ?? -Infinity };
    if (first !== undefined && last !== undefined && span.from < span.to) found.push({ span, refusals: [first, last] });
  };
  for (const refusal of asked.flatMap(({ attempt }) => attempt.asked.filter(isRefusal))) {
    if (first === undefined || !goesOn(first.command.deliveredAt ?? Infinity, refusal.command.sentAt)) {
      close();
      first = refusal;
    }
    last = refusal;
  }
  close();
  return found;
}
