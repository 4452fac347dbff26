import type { Metrics } from "../domain/metrics.ts";
import { outcomeCode } from "../domain/outcome.ts";
import type { Plan } from "../domain/plan.ts";
import { METRIC_UNITS, meets, type Threshold, type ThresholdMetric } from "../domain/threshold.ts";
import { Tries } from "../domain/tries.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { count, number } from "./wording.ts";

/** One check for each threshold, named by its metric; a second bound on the same metric carries its bound in the name. */
export function thresholdChecks(plan: Plan): Check[] {
  const named = new Set<string>();
  return plan.demands.thresholds.map((threshold) => {
    const { metric } = threshold;
    const name = named.has(metric) ? `${metric} ${bound(threshold)}` : metric;
    named.add(name);
    return thresholdCheck(name, threshold);
  });
}

function thresholdCheck(name: string, threshold: Threshold): Check {
  return {
    name,
    kind: "performance",
    applies: () => true,
    judge: (run) =>
      rule(threshold, threshold.metric === "errors" ? errors(run) : measure(threshold.metric, run.metrics)),
  };
}

interface Measured {
  /** null without samples. */
  readonly value: number | null;
  readonly basis: string;
}

function rule(threshold: Threshold, { value, basis }: Measured): Ruling {
  const expected = bound(threshold);
  if (value === null || !Number.isFinite(value)) {
    return { verdict: "inconclusive", expected, actual: "no samples", detail: `nothing was measured: ${basis}` };
  }
  const actual = withUnit(value, threshold.metric);
  return { verdict: meets(threshold, value) ? "pass" : "fail", expected, actual, detail: basis };
}

/** Whoever came back has his last try counted, and no other. */
function errors({ history, plan, metrics }: Case): Measured {
  const tries = new Tries(history, plan.load);
  let [failed, silent, ends] = [0, 0, 0];
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (!tries.isLast(attempt)) continue;
    ends += 1;
    if (history.outcomeCode(attempt) === outcomeCode.error) failed += 1;
    if (history.outcomeCode(attempt) === outcomeCode.unknown) silent += 1;
  }
  const of =
    metrics.comebacks === null ? count(ends, "attempt") : count(ends, "buyer's last try", "buyers' last tries");
  const basis = `${count(failed, "error")} + ${count(silent, "unknown", "unknown")} of ${of}`;
  return { value: ends === 0 ? null : (100 * (failed + silent)) / ends, basis };
}

function measure(metric: Exclude<ThresholdMetric, "errors">, { tps, latencyMs, unconnected }: Metrics): Measured {
  if (metric === "tps") return { value: tps, basis: `answers ÷ time from the first send to the last answer` };
  const samples = `${count(latencyMs?.samples ?? 0, "sample")}, every attempt that ended`;
  const leftOut =
    (unconnected ?? 0) > 0
      ? `; ${count(unconnected ?? 0, "attempt")} found no connection, and ${unconnected === 1 ? "is" : "are"} left out`
      : "";
  return { value: latencyMs?.[metric] ?? null, basis: `${samples}${leftOut}` };
}

function bound({ metric, operator, bound: value }: Threshold): string {
  return `${operator} ${withUnit(value, metric)}`;
}

function withUnit(value: number, metric: ThresholdMetric): string {
  return `${number(value)} ${METRIC_UNITS[metric]}`;
}
