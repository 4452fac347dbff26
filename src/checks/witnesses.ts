import type { Purchases } from "../domain/purchases.ts";
import type { Truth } from "../domain/truth.ts";
import type { Case, Ruling } from "./check.ts";
import { rowLine } from "./evidence.ts";
import { count } from "./wording.ts";

/** Judges by what was there after the dust had settled, or says that it never settled. */
export function judgeSettled(run: Case, expected: string, judge: (truth: Truth) => Ruling): Ruling {
  if (run.truth.settled) return judge(run.truth);
  return { verdict: "inconclusive", expected, actual: "not settled", detail: restless(run) };
}

function restless({ plan, truth }: Case): string {
  const waited = Math.round(truth.settledAfterMs);
  const given = plan.demands.settle.withinMs;
  if (waited >= given) return `the witnesses could not be read at rest within ${String(waited)} ms`;
  const why = "since a part of the stack had died, or rows still came";
  return `the witnesses could not be read at rest: given up after ${String(waited)} of ${String(given)} ms, ${why}`;
}

/** Judges by the purchase rows, where there is a probe that reads them. */
export function judgeRows(run: Case, expected: string, judge: (purchases: Purchases) => Ruling): Ruling {
  return judgeSettled(run, expected, ({ purchases }) => {
    if (purchases !== null) return judge(purchases);
    const detail = "the scenario has no probe for purchases, so nobody knows what was committed";
    return { verdict: "inconclusive", expected, actual: "no purchase rows", detail };
  });
}

/** Judges by sums of units, which one row without a whole quantity would turn into nonsense. */
export function judgeUnits(run: Case, expected: string, judge: (purchases: Purchases) => Ruling): Ruling {
  return judgeRows(run, expected, (purchases) => {
    const [first] = purchases.unreadable;
    if (first === undefined) return judge(purchases);
    return {
      verdict: "inconclusive",
      expected,
      actual: `${count(purchases.unreadable.length, "row")} without a whole quantity`,
      detail: "units cannot be added up while a row does not say how many it sold",
      evidence: [rowLine(purchases, run.plan.products, first)],
    };
  });
}

/** The rows where they can be relied on, for checks that know more with them and something without. */
export function settledRows({ settled, purchases }: Truth): Purchases | null {
  return settled ? purchases : null;
}
