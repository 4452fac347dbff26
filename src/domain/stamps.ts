import type { History } from "./history.ts";

/**
 * The server's arrival stamp where it can be true: not before the request was
 * sent and not after the answer was complete. NaN where there is none, or where
 * it cannot be true, as when a server stamps with another clock.
 */
export function plausibleArrival(history: History, attempt: number): number {
  return within(history, attempt, history.arrivedAt(attempt));
}

/** The server's grant stamp under the same condition. */
export function plausibleGrant(history: History, attempt: number): number {
  return within(history, attempt, history.grantedAt(attempt));
}

/** The earliest moment at which a sale can have taken its units: when it was granted, at least when it was sent. */
export function earliestTake(history: History, attempt: number): number {
  const granted = plausibleGrant(history, attempt);
  return Number.isNaN(granted) ? history.sentAt(attempt) : granted;
}

function within(history: History, attempt: number, stamp: number): number {
  return stamp >= history.sentAt(attempt) && stamp <= history.endedAt(attempt) ? stamp : Number.NaN;
}
