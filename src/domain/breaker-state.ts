/** How the state of a circuit breaker is stored in a history's column. */
export const breakerCode = { closed: 0, half_open: 1, open: 2 } as const;

/** The code of a state as an answer spells it; undefined for anything else. */
export function breakerCodeOf(state: unknown): number | undefined {
  return typeof state === "string" && Object.hasOwn(breakerCode, state)
    ? breakerCode[state as keyof typeof breakerCode]
    : undefined;
}
