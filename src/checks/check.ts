import type { CheckKind, Finding, Verdict } from "../domain/finding.ts";
import type { History } from "../domain/history.ts";
import type { Metrics } from "../domain/metrics.ts";
import type { Plan } from "../domain/plan.ts";
import type { Truth } from "../domain/truth.ts";

/** Everything that a check may look at. */
export interface Case {
  readonly plan: Plan;
  readonly history: History;
  readonly truth: Truth;
  readonly metrics: Metrics;
  /** True where requests pass a proxy on their way, as to a container's published port: it may change their order. */
  readonly behindProxy: boolean;
}

/** A check is pure: the same case always gives the same finding. */
export interface Check {
  readonly name: string;
  readonly kind: CheckKind;
  /** False when the scenario does not demand this, so that it has no row in the table. */
  applies(plan: Plan): boolean;
  judge(run: Case): Ruling;
}

/** A finding without the name and kind, which the check itself carries. */
export interface Ruling {
  readonly verdict: Verdict;
  readonly expected: string;
  readonly actual: string;
  readonly detail: string;
  readonly evidence?: readonly string[];
}

/** Judges with each check that applies. A check that crashes is inconclusive: it must never pass by accident. */
export function judgeAll(checks: readonly Check[], run: Case): Finding[] {
  return checks.filter((check) => check.applies(run.plan)).map((check) => judgeOne(check, run));
}

function judgeOne(check: Check, run: Case): Finding {
  try {
    return { name: check.name, kind: check.kind, evidence: [], ...check.judge(run) };
  } catch (error) {
    return {
      name: check.name,
      kind: check.kind,
      verdict: "inconclusive",
      expected: "a judgement",
      actual: "the check crashed",
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
      evidence: [],
    };
  }
}
