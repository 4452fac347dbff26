import type { History } from "../../domain/history.ts";
import { outcomeCode } from "../../domain/outcome.ts";
import { peakInFlight } from "../../domain/peak-in-flight.ts";
import { plausibleArrival, plausibleGrant } from "../../domain/stamps.ts";
import type { Case } from "../check.ts";

type Run = Pick<Case, "history" | "metrics">;

/**
 * The most attempts that were in flight at once and competed for the stock.
 *
 * A buyer who was throttled, or answered with an error, may never have come
 * near the stock: a rate limit that lets one buyer in at a time would hide that
 * there is no lock behind it.
 */
export function peakOfCompetitors({ history, metrics }: Run): number {
  if (metrics.outcomes.refused + metrics.outcomes.error === 0) return metrics.peakInFlight;
  return peakInFlight(history, { chosen: competes(history) });
}

/**
 * The most of them that the server had before it at once, by its own arrival
 * stamps; an attempt without one counts from its sending.
 * @returns null where the server stamps nothing
 */
export function peakAtServer({ history, metrics }: Run): number | null {
  if (metrics.arrivalSpreadMs === null) return null;
  return peakInFlight(history, { chosen: competes(history), start: arrivalOf(history) });
}

/**
 * The most of them that certainly waited at the server at once: from the arrival
 * stamp until the grant stamp. A proxy on the way hands requests over one by one
 * and holds answers back, so when an answer came says nothing of when it was
 * given. Nor has anybody a rival who came when somebody had been told already
 * that nothing is left: a crowd at a closed door proves nothing of how the last
 * units were sold.
 * @returns null where the server stamps nothing
 */
export function peakWaiting({ history, metrics }: Run): number | null {
  if (metrics.arrivalSpreadMs === null) return null;
  const [start, inTime, competing] = [arrivalOf(history), soldOutBy(history), competes(history)];
  const chosen = (attempt: number): boolean => competing(attempt) && start(attempt) <= inTime(history.order(attempt));
  const end = (attempt: number): number => {
    const granted = plausibleGrant(history, attempt);
    return Number.isNaN(granted) ? start(attempt) : granted;
  };
  return peakInFlight(history, { chosen, start, end });
}

function arrivalOf(history: History): (attempt: number) => number {
  return (attempt) => {
    const stamp = plausibleArrival(history, attempt);
    return Number.isNaN(stamp) ? history.sentAt(attempt) : stamp;
  };
}

/** For each order: when somebody was first told that it is sold out; Infinity where nobody was. */
function soldOutBy(history: History): (order: number) => number {
  const first = new Map<number, number>();
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (history.outcomeCode(attempt) !== outcomeCode.sold_out) continue;
    const order = history.order(attempt);
    first.set(order, Math.min(first.get(order) ?? Infinity, history.endedAt(attempt)));
  }
  return (order) => first.get(order) ?? Infinity;
}

function competes(history: History): (attempt: number) => boolean {
  return (attempt) => {
    const outcome = history.outcomeCode(attempt);
    return outcome !== outcomeCode.refused && outcome !== outcomeCode.error;
  };
}
