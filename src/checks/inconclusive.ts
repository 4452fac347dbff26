import type { Ruling } from "./check.ts";

/** Makes rulings that nothing is known, for a check that expects this. */
export function inconclusiveFor(
  expected: string,
): (actual: string, detail: string, evidence?: readonly string[]) => Ruling {
  return (actual, detail, evidence = []) => ({ verdict: "inconclusive", expected, actual, detail, evidence });
}
