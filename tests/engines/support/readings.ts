import type { History } from "../../../src/domain/history.ts";
import { type Outcome, OUTCOMES } from "../../../src/domain/outcome.ts";

/** How many attempts came to what; outcomes that nobody had are left out. */
export function outcomesOf(history: History): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const outcome of OUTCOMES) {
    const count = attemptsOf(history).filter((attempt) => history.outcome(attempt) === outcome).length;
    if (count > 0) counts[outcome] = count;
  }
  return counts;
}

export function attemptsOf(history: History): number[] {
  return Array.from({ length: history.length }, (_, attempt) => attempt);
}

export function latenciesMs(history: History): number[] {
  return attemptsOf(history).map((attempt) => (history.endedAt(attempt) - history.sentAt(attempt)) / 1e6);
}

/** The most attempts that were under way at one moment. */
export function peakInFlight(history: History): number {
  const events = attemptsOf(history).flatMap((attempt) => [
    { at: history.sentAt(attempt), change: 1 },
    { at: history.endedAt(attempt), change: -1 },
  ]);
  let now = 0;
  let peak = 0;
  for (const { change } of events.sort((a, b) => a.at - b.at)) {
    now += change;
    peak = Math.max(peak, now);
  }
  return peak;
}
