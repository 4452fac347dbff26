import { shortest } from "./lease-ends.ts";
import type { Losses } from "./losses.ts";
import { possibleHolds } from "./possible-holds.ts";
import { type Span, heldByQuorum, until } from "./spans.ts";
import { type Try, takenByNode } from "./tries.ts";

/** How many nodes it takes to hold a lock. */
export interface Quorum {
  /** Enough for certain. */
  readonly most: number;
  /** Perhaps enough. */
  readonly least: number;
}

/** A try, and when its owner held the lock. */
export interface Held {
  readonly attempt: Try;
  /** When he held it by the narrowest reading: nobody may be granted it meanwhile. */
  readonly certain: readonly Span[];
  /** The same by his own reckoning, which knows of no lost node; left empty when no node was killed. */
  readonly valid: readonly Span[];
  /** When he may have held it, by the widest reading; of several tries of his that overlap, the last has it. */
  readonly possible: readonly Span[];
}

/** An owner is a token of a server, whichever locks he takes. */
export function ownerName({ server, token }: { readonly server: number; readonly token: string }): string {
  return `${String(server)} ${token}`;
}

/** When its owner first asked for it. */
export function askedSince({ attempt }: Held): number {
  return Math.min(Infinity, ...attempt.asked.map(({ command }) => command.sentAt));
}

/** @param quorums by product */
export function holdsIn(tries: readonly Try[], quorums: ReadonlyMap<number, Quorum>, losses: Losses): Held[] {
  const quorumOf = (product: number): Quorum => quorums.get(product) ?? { most: 1, least: 1 };
  const possible = possibleHolds(tries, (product) => quorumOf(product).least, losses);
  return tries.map((attempt) => {
    const { most } = quorumOf(attempt.product);
    return {
      attempt,
      certain: certainly(attempt, most, losses),
      valid: losses.any ? certainly(attempt, most, null) : [],
      possible: possible.get(attempt) ?? [],
    };
  });
}

/** From the reply of the last node that it took, until the first release was sent or a lease may have ended. */
function certainly(attempt: Try, quorum: number, losses: Losses | null): Span[] {
  const firstRelease = Math.min(Infinity, ...attempt.released.map(({ command }) => command.sentAt));
  const leases = [...takenByNode(attempt).values()].map((ops) => {
    let spans: Span[] = [];
    for (const { deed, effect, ttlMs, command } of ops) {
      const kept = losses?.keptUntil(command.node, command.sentAt) ?? Infinity;
      const end = Math.min(shortest(command.sentAt, ttlMs), kept);
      // A lease that was set anew may have become shorter, whether the reply came through or not.
      if (deed === "extend" && effect !== "no") spans = until(spans, end);
      if (effect === "yes" && command.deliveredAt !== null) spans = [...spans, { from: command.deliveredAt, to: end }];
    }
    return spans;
  });
  return until(heldByQuorum(leases, quorum), firstRelease);
}
