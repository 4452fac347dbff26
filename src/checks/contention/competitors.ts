import { outcomeCode } from "../../domain/outcome.ts";
import { peakInFlight } from "../../domain/peak-in-flight.ts";
import type { Case } from "../check.ts";

/**
 * The most attempts that were in flight at once and competed for the stock.
 *
 * A buyer who was throttled, or answered with an error, may never have come
 * near the stock: a rate limit that lets one buyer in at a time would hide that
 * there is no lock behind it.
 */
export function peakOfCompetitors({ history, metrics }: Pick<Case, "history" | "metrics">): number {
  if (metrics.outcomes.refused + metrics.outcomes.error === 0) return metrics.peakInFlight;
  return peakInFlight(history, (attempt) => {
    const outcome = history.outcomeCode(attempt);
    return outcome !== outcomeCode.refused && outcome !== outcomeCode.error;
  });
}
