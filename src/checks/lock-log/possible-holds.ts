import { longest } from "./lease-ends.ts";
import { type LockOp, isAfter } from "./lock-op.ts";
import type { Losses } from "./losses.ts";
import { type Span, heldByQuorum, until } from "./spans.ts";
import { type Try, takenByNode } from "./tries.ts";

/**
 * When each owner may have held the lock, by the widest reading. What he was
 * granted on several nodes counts together, in whichever of his tries that was:
 * nobody else has those nodes, and tries that overlap are told apart by their
 * times only. A span belongs to the last try that had begun by then.
 * @param tries in the order in which they were begun
 * @param quorum how many nodes are perhaps enough, by product
 */
export function possibleHolds(
  tries: readonly Try[],
  quorum: (product: number) => number,
  losses: Losses,
): Map<Try, Span[]> {
  const holds = new Map<Try, Span[]>();
  for (const own of byOwner(tries)) {
    for (const span of possibly(own, quorum(own[0]?.product ?? -1), losses)) {
      const attempt = lastBegun(own, span.from);
      const mine = attempt === undefined ? undefined : holds.get(attempt);
      if (mine !== undefined) mine.push(span);
      else if (attempt !== undefined) holds.set(attempt, [span]);
    }
  }
  return holds;
}

function byOwner(tries: readonly Try[]): Iterable<Try[]> {
  const owners = new Map<string, Try[]>();
  for (const attempt of tries) {
    const owner = JSON.stringify([attempt.server, attempt.product, attempt.token]);
    const own = owners.get(owner);
    if (own === undefined) owners.set(owner, [attempt]);
    else own.push(attempt);
  }
  return owners.values();
}

function lastBegun(own: readonly Try[], moment: number): Try | undefined {
  let [low, high] = [0, own.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((own[middle]?.asked[0]?.command.sentAt ?? Infinity) <= moment) low = middle + 1;
    else high = middle;
  }
  return own[low - 1];
}

function possibly(own: readonly Try[], quorum: number, losses: Losses): Span[] {
  const leases = new Map<number, Span[]>();
  own.forEach((attempt, place) => {
    const next = own[place + 1];
    for (const [node, ops] of takenByNode(attempt)) {
      const spans = leases.get(node) ?? [];
      leases.set(node, spans);
      const later = next?.released.filter((release) => ops.every((op) => isAfter(release, op))) ?? [];
      spans.push(...until(leasesOf(ops, losses), givenUp([...attempt.released, ...later], node)));
    }
  });
  return heldByQuorum(leases.values(), quorum);
}

/** From sending, until every lease that may have been granted on this node is over. */
function leasesOf(ops: readonly LockOp[], losses: Losses): Span[] {
  const spans: Span[] = [];
  for (const { deed, effect, ttlMs, command } of ops) {
    if (effect === "no") continue;
    const before = spans.at(-1);
    const from = deed === "extend" && before !== undefined ? before.from : command.sentAt;
    if (deed === "extend" && before?.to === Infinity && effect === "yes") spans.pop();
    const to = Math.min(longest(command.repliedAt, ttlMs), losses.lostBy(command.node, command.sentAt));
    spans.push({ from, to });
  }
  return spans;
}

/** When the node has said that the lock was given up. */
function givenUp(released: readonly LockOp[], node: number): number {
  return Math.min(
    Infinity,
    ...released.flatMap(({ effect, command }) =>
      effect === "yes" && command.node === node ? [command.repliedAt ?? Infinity] : [],
    ),
  );
}
