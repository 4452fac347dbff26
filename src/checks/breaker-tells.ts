import type { History } from "../domain/history.ts";

/** True when an answer tells the state of its server's breaker, and since when; it cannot have begun after the answer. */
export function tells(history: History, attempt: number): boolean {
  const since = history.breakerSince(attempt);
  return !Number.isNaN(history.breaker(attempt)) && since <= history.endedAt(attempt);
}
