import type { History } from "./history.ts";
import { peakOverlap } from "./statistics.ts";

interface Counted {
  /** Which attempts count; all of them unless it is told. */
  readonly chosen?: (attempt: number) => boolean;
  /** From when an attempt counts, on the history's clock; from its sending unless it is told. */
  readonly start?: (attempt: number) => number;
  /** Until when it counts; until it ended unless it is told. */
  readonly end?: (attempt: number) => number;
}

/** The most of the chosen attempts that were in flight at once. An attempt that never ended stays in flight. */
export function peakInFlight(history: History, counted: Counted = {}): number {
  const { chosen = () => true, start = (attempt: number) => history.sentAt(attempt) } = counted;
  const { end = (attempt: number) => history.endedAt(attempt) } = counted;
  const starts = new Float64Array(history.length);
  const ends = new Float64Array(history.length);
  let count = 0;
  let ascending = true;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (!chosen(attempt)) continue;
    starts[count] = start(attempt);
    ends[count] = end(attempt);
    ascending &&= count === 0 || (starts[count - 1] ?? 0) <= (starts[count] ?? 0);
    count += 1;
  }
  const inOrder = starts.subarray(0, count);
  // A typed array sorts NaN to its end.
  return peakOverlap(ascending ? inOrder : inOrder.sort(), ends.subarray(0, count).sort());
}
