/** A bound on a figure, such as `p99: "< 500ms"`. */
export interface Threshold {
  readonly metric: ThresholdMetric;
  readonly operator: Operator;
  /** In the metric's own unit: ms for latencies, 1/s for tps, percent for errors. */
  readonly bound: number;
}

export const THRESHOLD_METRICS = ["tps", "avg", "p50", "p95", "p99", "max", "errors"] as const;
export type ThresholdMetric = (typeof THRESHOLD_METRICS)[number];
export type Operator = "<" | "<=" | ">" | ">=";

export const METRIC_UNITS: Record<ThresholdMetric, string> = {
  tps: "/s",
  avg: "ms",
  p50: "ms",
  p95: "ms",
  p99: "ms",
  max: "ms",
  errors: "%",
};

const SPELLING = /^(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*(us|ms|s|\/s|%)?$/;
const MS_PER = { us: 0.001, ms: 1, s: 1000 } as const;

/** Reads `"< 500ms"`, `">= 100/s"` or `"< 1%"`; undefined when it is not a bound of this metric. */
export function parseThreshold(metric: ThresholdMetric, text: string): Threshold | undefined {
  const match = SPELLING.exec(text.trim());
  const operator = match?.[1] as Operator | undefined;
  if (match === null || operator === undefined) return undefined;
  const bound = inMetricUnit(metric, Number(match[2]), match[3]);
  return bound === undefined ? undefined : { metric, operator, bound };
}

function inMetricUnit(metric: ThresholdMetric, value: number, unit: string | undefined): number | undefined {
  const wanted = METRIC_UNITS[metric];
  if (unit === undefined) return wanted === "ms" ? undefined : value;
  if (unit === "us" || unit === "ms" || unit === "s") return wanted === "ms" ? value * MS_PER[unit] : undefined;
  return unit === wanted ? value : undefined;
}

export function meets(threshold: Threshold, value: number): boolean {
  switch (threshold.operator) {
    case "<":
      return value < threshold.bound;
    case "<=":
      return value <= threshold.bound;
    case ">":
      return value > threshold.bound;
    case ">=":
      return value >= threshold.bound;
  }
}
