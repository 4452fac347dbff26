/**
 * What an attempt came to. `unknown` means that nobody answered: the sale may
 * have happened, so it counts neither as a success nor as a failure.
 */
export const OUTCOMES = ["sold", "sold_out", "busy", "refused", "error", "unknown"] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** How an outcome is stored in a history's column: its place in OUTCOMES. */
export const outcomeCode = {
  sold: 0,
  sold_out: 1,
  busy: 2,
  refused: 3,
  error: 4,
  unknown: 5,
} as const satisfies Record<Outcome, number>;

export function outcomeOf(code: number): Outcome {
  return OUTCOMES[code] ?? "unknown";
}
