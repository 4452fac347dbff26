import type { History } from "../../domain/history.ts";
import { plausibleArrival } from "../../domain/stamps.ts";
import type { Queue } from "./queue.ts";

/** With fewer stamps than this, an order is chance. */
const FEWEST = 20;
/** Chance alone gives |ρ| < 0.2 for 100 stamps; a shop that stamps when it serves, last come first, gives −1. */
const AGAINST = -0.5;

/**
 * Whether the servers' arrival stamps run against the order in which the
 * buyers sent, without the way being an explanation: such stamps tell when a
 * buyer was served, not when he arrived, and a shop that serves last come
 * first would look perfectly fair by them. The proxy behind a published port
 * of a container may serve its newest connection first; then the waiting comes
 * after the stamps. Stamps of serving have it before them.
 * @param behindProxy where there is none, the way is no explanation
 */
export function stampsRunAgainstSends(history: History, queue: Queue, behindProxy: boolean): boolean {
  const stamped = stampedOnly(history, queue);
  if (stamped.length < FEWEST || rankCorrelation(stamped, sendRanks(history, stamped)) >= AGAINST) return false;
  return !behindProxy || !turnedRoundOnTheWay(history, stamped);
}

function turnedRoundOnTheWay(history: History, stamped: Uint32Array): boolean {
  let before = 0;
  let after = 0;
  for (const attempt of stamped) {
    const onTheWay = plausibleArrival(history, attempt) - history.sentAt(attempt);
    before += onTheWay;
    after += history.endedAt(attempt) - plausibleArrival(history, attempt);
  }
  return before < after;
}

function stampedOnly(history: History, { attempts }: Queue): Uint32Array {
  const stamped = new Uint32Array(attempts.length);
  let found = 0;
  for (const attempt of attempts) {
    if (Number.isNaN(plausibleArrival(history, attempt))) continue;
    stamped[found] = attempt;
    found += 1;
  }
  return stamped.subarray(0, found);
}

/** At each attempt's own place: how many of these attempts were sent before it. */
function sendRanks(history: History, attempts: Uint32Array): Uint32Array {
  const ranks = new Uint32Array(history.length);
  for (const attempt of attempts) ranks[attempt] = 1;
  let before = 0;
  for (let attempt = 0; attempt < ranks.length; attempt += 1) {
    const own = ranks[attempt] ?? 0;
    ranks[attempt] = before;
    before += own;
  }
  return ranks;
}

/** Spearman's ρ between the order of arrival, which is that of `attempts`, and the order of sending. */
function rankCorrelation(attempts: Uint32Array, sent: Uint32Array): number {
  let squares = 0;
  let arrived = 0;
  for (const attempt of attempts) {
    squares += ((sent[attempt] ?? 0) - arrived) ** 2;
    arrived += 1;
  }
  const n = attempts.length;
  return 1 - (6 * squares) / (n * (n * n - 1));
}
