import type { Held } from "../lock-log/holds.ts";
import { isGrant } from "../lock-log/judge-locks.ts";
import type { LockOp } from "../lock-log/lock-op.ts";
import type { Span } from "../lock-log/spans.ts";

/** Two owners who certainly held one lock at the same time. */
export interface Overlap {
  readonly first: Held;
  readonly second: Held;
  readonly both: Span;
}

/** Overlaps among the holds of one product: each hold against whichever before it lasted longest. */
export function overlapsIn(holds: readonly Held[]): Overlap[] {
  const spans = holds
    .flatMap((held) => held.certain.map((span) => ({ held, ...span })))
    .sort((a, b) => a.from - b.from);
  const found: Overlap[] = [];
  let longest: (typeof spans)[number] | undefined;
  for (const span of spans) {
    if (longest !== undefined && span.from < longest.to && !sameOwner(longest.held, span.held)) {
      const both = { from: span.from, to: Math.min(span.to, longest.to) };
      found.push({ first: longest.held, second: span.held, both });
    }
    if (longest === undefined || span.to > longest.to) longest = span;
  }
  return found;
}

export function sameOwner({ attempt: one }: Held, { attempt: other }: Held): boolean {
  return one.token === other.token && one.server === other.server;
}

/**
 * How the second could get what the first still held: somebody's release
 * removed it from a node that both were granted, or the second asked nobody.
 * @param removals effective releases of this product's lock, by anybody
 */
export function causeOf({ first, second }: Overlap, removals: readonly LockOp[]): { kind: string; proof: LockOp[] } {
  const overwriting = second.attempt.asked.filter((op) => op.deed === "overwrite" && isGrant(op));
  if (overwriting.length > 0) return { kind: "taken without asking", proof: overwriting };
  for (const taken of second.attempt.asked.filter(isGrant)) {
    const lost = first.attempt.asked.find((op) => isGrant(op) && op.command.node === taken.command.node);
    if (lost === undefined) continue;
    const removal = removals.find(
      ({ command }) =>
        command.node === lost.command.node &&
        (command.repliedAt ?? Infinity) >= (lost.command.forwardedAt ?? 0) &&
        (command.forwardedAt ?? 0) <= (taken.command.repliedAt ?? Infinity) &&
        !first.attempt.released.some((own) => own.command === command),
    );
    if (removal !== undefined) return { kind: "foreign release", proof: [lost, removal, taken] };
  }
  return { kind: "both within validity", proof: [] };
}
