import type { Verdict } from "./finding.ts";

/** Which lock holds under which fault: what is promised of each pair, and what must be seen. Plain data. */
export interface Matrix {
  /** The rows, in order. */
  readonly locks: readonly LockRow[];
  /** The columns, in order. */
  readonly faults: readonly FaultColumn[];
  readonly cells: readonly CellPlan[];
}

export interface LockRow {
  readonly lock: string;
  /** How it works, in a few words. */
  readonly title: string;
}

export interface FaultColumn {
  readonly fault: string;
  /** The scenarios in which it happens; every cell of the column names one of them. */
  readonly scenarios: readonly string[];
}

/** One lock under one fault. */
export interface CellPlan {
  readonly lock: string;
  readonly scenario: string;
  /** What the lock promises there, in a sentence. */
  readonly promised: string;
  readonly expected: Expectation;
}

export type Expectation =
  /** No run may violate correctness; a missed threshold of performance does not count. */
  | { readonly verdict: "pass" }
  /** It breaks, if not in every run: each of `checks` must be seen failing, and none but those and `mayFail`. */
  | { readonly verdict: "fail"; readonly checks: readonly string[]; readonly mayFail: readonly string[] };

/** What stored runs say of a cell. */
export interface Seen {
  readonly runs: number;
  /** Runs in which every check of correctness passed, with those that were too slow. */
  readonly correct: number;
  /** Those of the correct runs that missed a threshold of performance. */
  readonly slow: number;
  readonly violated: number;
  readonly inconclusive: number;
  /** Checks of correctness that failed, the most frequent first. */
  readonly failed: readonly FailedCheck[];
  readonly newest: SeenRun | null;
  /** What the runs were made with, each once: `lockbench 0.1.0`, `Redis 7.0.15`, … */
  readonly madeWith: readonly string[];
}

export interface FailedCheck {
  readonly check: string;
  /** In how many runs. */
  readonly runs: number;
}

export interface SeenRun {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** `unproven`: no run is kept, or none that could have shown anything. */
export type Standing = "as_expected" | "otherwise" | "unproven";

/** A cell and what was seen of it. */
export interface Cell extends CellPlan {
  readonly fault: string;
  readonly seen: Seen;
  readonly standing: Standing;
  /** Why the cell is not as expected, in a line; empty when it is. */
  readonly why: string;
}
