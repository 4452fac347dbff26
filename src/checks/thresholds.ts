import type { Metrics } from "../domain/metrics.ts";
import type { Plan } from "../domain/plan.ts";
import { METRIC_UNITS, meets, type Threshold, type ThresholdMetric } from "../domain/threshold.ts";
import type { Check, Ruling } from "./check.ts";
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
    judge: ({ metrics }) => rule(threshold, measure(threshold.metric, metrics)),
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
    return { verdict: "inconclusive", expected, actual: "no samples", detail: "nothing was measured" };
  }
  const actual = withUnit(value, threshold.metric);
  return { verdict: meets(threshold, value) ? "pass" : "fail", expected, actual, detail: basis };
}

function measure(metric: ThresholdMetric, { attempts, outcomes, tps, latencyMs }: Metrics): Measured {
  if (metric === "tps") return { value: tps, basis: `answers ÷ time from the first send to the last answer` };
  if (metric === "errors") {
    const failed = outcomes.error + outcomes.unknown;
    const basis = `${count(outcomes.error, "error")} + ${count(outcomes.unknown, "unknown", "unknown")} of ${count(attempts, "attempt")}`;
    return { value: attempts === 0 ? null : (100 * failed) / attempts, basis };
  }
  return {
    value: latencyMs?.[metric] ?? null,
    basis: `${count(latencyMs?.samples ?? 0, "sample")}, every attempt that ended`,
  };
}

function bound({ metric, operator, bound: value }: Threshold): string {
  return `${operator} ${withUnit(value, metric)}`;
}

function withUnit(value: number, metric: ThresholdMetric): string {
  return `${number(value)} ${METRIC_UNITS[metric]}`;
}
