export type Verdict = "pass" | "fail" | "inconclusive";

/**
 * `correctness`: a failure is a violation (exit 1). `performance`: a missed
 * threshold (exit 3). `validity`: whether the run could prove anything at all.
 */
export type CheckKind = "correctness" | "performance" | "validity";

/** What one check says about a run. */
export interface Finding {
  readonly name: string;
  readonly kind: CheckKind;
  readonly verdict: Verdict;
  readonly expected: string;
  readonly actual: string;
  /** One line that shows the arithmetic. */
  readonly detail: string;
  /** The shortest proof of a failure: attempts, rows or readings, a line each. */
  readonly evidence: readonly string[];
}
