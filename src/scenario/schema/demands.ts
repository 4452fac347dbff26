import * as z from "zod";
import { METRIC_UNITS, parseThreshold, type ThresholdMetric } from "../../domain/threshold.ts";
import { duration, mapping, percentage, wholeNumber } from "./spelling.ts";

export const expectSchema = mapping({
  sold: z
    .union([wholeNumber(0, 1_000_000_000), z.literal("all")], {
      error: 'a whole number from 0 to 1000000000, or "all"',
    })
    .optional()
    .describe(
      "Units that must be sold in all, or `all`: every order in full, where the stock suffices for that. Default: as many as stock and buyers allow.",
    ),
  per_buyer: z
    .union([wholeNumber(1, 1_000_000), z.literal("unlimited")], { error: 'a whole number from 1, or "unlimited"' })
    .optional()
    .describe("Units that one buyer may own. Default: what one order holds, or unlimited where buyers repeat."),
  first_come: percentage()
    .optional()
    .describe("Least share of the units that must go to those who came first. Without it this is not judged."),
  first_come_per_server: percentage()
    .optional()
    .describe(
      "Least share of the units each server sold that must go to those who came to it first, where a shop promises no order between servers. Without it this is not judged.",
    ),
  recovery: duration()
    .optional()
    .describe(
      "After the last fault is healed: the longest time until buyers are served and all witnesses agree. Without it this is not judged.",
    ),
  breaker: mapping({
    refusal_p99: duration().describe("Longest p99 of the refusals while the breaker is open."),
  })
    .optional()
    .describe(
      "What the shop's circuit breaker must do: open, refuse fast, and close again. Without it this is not judged.",
    ),
}).describe(
  "What must be true after the sale, beside what every sale must keep (nothing oversold, all witnesses agree).",
);

const EXAMPLES: Record<ThresholdMetric, string> = {
  tps: ">= 100",
  avg: "< 200ms",
  p50: "< 100ms",
  p95: "< 500ms",
  p99: "< 1s",
  max: "< 2s",
  errors: "< 1%",
};

const MEANINGS: Record<ThresholdMetric, string> = {
  tps: "Answered attempts per second, from the first send to the last answer.",
  avg: "Mean latency of all attempts that ended.",
  p50: "Latency that half of the attempts kept.",
  p95: "Latency that 95 % of the attempts kept.",
  p99: "Latency that 99 % of the attempts kept.",
  max: "The longest latency.",
  errors: "Share of attempts that came to nothing certain: errors and unknowns.",
};

function bound(metric: ThresholdMetric) {
  const error = `a bound in ${METRIC_UNITS[metric]} such as "${EXAMPLES[metric]}" (with <, <=, > or >=)`;
  return z
    .string({ error })
    .refine((text) => parseThreshold(metric, text) !== undefined, { error })
    .optional()
    .describe(`${MEANINGS[metric]} Such as "${EXAMPLES[metric]}".`);
}

/** Texts that `parseThreshold` accepts. */
export const thresholdsSchema = mapping({
  tps: bound("tps"),
  avg: bound("avg"),
  p50: bound("p50"),
  p95: bound("p95"),
  p99: bound("p99"),
  max: bound("max"),
  errors: bound("errors"),
}).describe("Bounds on speed. A missed one is exit code 3, not a violation.");

export const contentionSchema = mapping({
  in_flight: z
    .union(
      [wholeNumber(1, 10_000_000).transform((buyers) => ({ buyers })), percentage().transform((share) => ({ share }))],
      {
        error: 'a number of buyers, or a percentage of them such as "20%"',
      },
    )
    .optional()
    .describe(
      "Least number of buyers in flight at once. Default: 20% of the buyers, in a ramp without run_time 2; at least 2.",
    ),
  spread: duration().optional().describe("In a burst: longest time from the first send to the last. Default: 500ms."),
}).describe("What the load must have reached; below it the run proves nothing and is inconclusive.");

export const settleSchema = mapping({
  quiet: duration().prefault("400ms").describe("How long the probes must say the same before the truth is read."),
  within: duration().prefault("10s").describe("When it has not come to rest after this, the run is inconclusive."),
}).describe("Waiting for the dust to settle after the last answer.");

export type ThresholdsSpec = z.output<typeof thresholdsSchema>;
