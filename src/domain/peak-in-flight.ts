import type { History } from "./history.ts";
import { peakOverlap } from "./statistics.ts";

/** The most of the chosen attempts that were in flight at once. An attempt that never ended stays in flight. */
export function peakInFlight(history: History, chosen: (attempt: number) => boolean = () => true): number {
  const sends = new Float64Array(history.length);
  const ends = new Float64Array(history.length);
  let count = 0;
  let ascending = true;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (!chosen(attempt)) continue;
    sends[count] = history.sentAt(attempt);
    ends[count] = history.endedAt(attempt);
    ascending &&= count === 0 || (sends[count - 1] ?? 0) <= (sends[count] ?? 0);
    count += 1;
  }
  const starts = sends.subarray(0, count);
  // A typed array sorts NaN to its end.
  return peakOverlap(ascending ? starts : starts.sort(), ends.subarray(0, count).sort());
}
