import type { LockOp } from "./lock-op.ts";
import type { Losses } from "./losses.ts";
import { type Span, heldByQuorum, until } from "./spans.ts";
import type { Try } from "./tries.ts";

const NS_PER_MS = 1e6;
/** Redis counts whole milliseconds, and clocks drift: what Redlock itself allows for (redis.io, "Distributed locks"). */
const DRIFT_SHARE = 0.01;
const DRIFT_MS = 2;

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
  /** When he may have held it, by the widest reading. */
  readonly possible: readonly Span[];
}

/** An owner is a token of a server, whichever locks he takes. */
export function ownerName({ server, token }: { readonly server: number; readonly token: string }): string {
  return `${String(server)} ${token}`;
}

export function heldBy(attempt: Try, { most, least }: Quorum, losses: Losses): Held {
  return {
    attempt,
    certain: certainly(attempt, most, losses),
    valid: losses.any ? certainly(attempt, most, null) : [],
    possible: possibly(attempt, least, losses),
  };
}

/** From the reply of the last node that it took, until the first release was sent or a lease may have ended. */
function certainly({ asked, extended, released }: Try, quorum: number, losses: Losses | null): Span[] {
  const firstRelease = Math.min(Infinity, ...released.map(({ command }) => command.sentAt));
  const nodes = byNode(asked, extended);
  const leases = [...nodes.values()].map((ops) => {
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

/** From sending, until every lease that may have been granted is over, or the node has said that it was given up. */
function possibly({ asked, extended, released }: Try, quorum: number, losses: Losses): Span[] {
  const leases = [...byNode(asked, extended)].map(([node, ops]) => {
    const givenUp = Math.min(
      Infinity,
      ...released.flatMap(({ effect, command }) =>
        effect === "yes" && command.node === node ? [command.repliedAt ?? Infinity] : [],
      ),
    );
    const spans: Span[] = [];
    for (const { deed, effect, ttlMs, command } of ops) {
      if (effect === "no") continue;
      const before = spans.at(-1);
      const from = deed === "extend" && before !== undefined ? before.from : command.sentAt;
      if (deed === "extend" && before?.to === Infinity && effect === "yes") spans.pop();
      const to = Math.min(longest(command.repliedAt, ttlMs), losses.lostBy(node, command.sentAt));
      spans.push({ from, to });
    }
    return until(spans, givenUp);
  });
  return heldByQuorum(leases, quorum);
}

function byNode(asked: readonly LockOp[], extended: readonly LockOp[]): Map<number, LockOp[]> {
  const nodes = new Map<number, LockOp[]>();
  for (const op of [...asked, ...extended].sort((a, b) => a.command.sentAt - b.command.sentAt)) {
    const ops = nodes.get(op.command.node);
    if (ops === undefined) nodes.set(op.command.node, [op]);
    else ops.push(op);
  }
  return nodes;
}

/** When a lease that was asked for at this moment ends at the earliest, in ns. */
export function shortest(sentAt: number, ttlMs: number | null): number {
  return ttlMs === null ? Infinity : sentAt + (ttlMs * (1 - DRIFT_SHARE) - DRIFT_MS) * NS_PER_MS;
}

/** When a lease that was granted by this moment ends at the latest, in ns. */
export function longest(repliedAt: number | null, ttlMs: number | null): number {
  if (repliedAt === null || ttlMs === null) return Infinity;
  return repliedAt + (ttlMs * (1 + DRIFT_SHARE) + DRIFT_MS) * NS_PER_MS;
}
