import type { History } from "./history.ts";
import type { LatencyFigures, Metrics } from "./metrics.ts";
import { OrderBook } from "./order-book.ts";
import { OUTCOMES, outcomeCode } from "./outcome.ts";
import { peakInFlight } from "./peak-in-flight.ts";
import type { Plan } from "./plan.ts";
import type { Purchases } from "./purchases.ts";
import { plausibleArrival } from "./stamps.ts";
import { percentile } from "./statistics.ts";
import { Tries } from "./tries.ts";

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

export interface MetricsContext {
  readonly plan: Plan;
  /** null without a purchase probe; then the answers tell whether the stock ran out. */
  readonly purchases: Purchases | null;
  /** In percent of one core; null when it was not measured. */
  readonly generatorCpuPercent: number | null;
}

/** The figures of a run. Every attempt counts, and percentiles are exact. */
export function computeMetrics(history: History, context: MetricsContext): Metrics {
  const tries = new Tries(history, context.plan.load);
  const firsts = (read: (attempt: number) => number): Extent =>
    extent(history, (attempt) => (tries.isFirst(attempt) ? read(attempt) : Number.NaN));
  const sends = firsts((attempt) => history.sentAt(attempt));
  return {
    attempts: history.length,
    outcomes: countOutcomes(history),
    unconnected: countUnconnected(history),
    tps: answersPerSecond(history, sends.least),
    latencyMs: latencyFigures(history),
    firstSendMs: Number.isFinite(sends.least) ? sends.least / NS_PER_MS : null,
    timeToSellOutMs: timeToSellOut(history, context, sends.least),
    peakInFlight: peakInFlight(history),
    comebacks: tries.comebacks,
    sendSpreadMs: spreadMs(sends) ?? 0,
    arrivalSpreadMs: spreadMs(firsts((attempt) => plausibleArrival(history, attempt))),
    generatorCpuPercent: context.generatorCpuPercent,
  };
}

interface Extent {
  readonly least: number;
  readonly most: number;
}

/** Passes over NaN; an extent of nothing runs from +∞ to −∞. */
function extent(history: History, read: (attempt: number) => number): Extent {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const value = read(attempt);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

function spreadMs({ least, most }: Extent): number | null {
  return most >= least ? (most - least) / NS_PER_MS : null;
}

function countOutcomes(history: History): Metrics["outcomes"] {
  const counts = new Float64Array(OUTCOMES.length);
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const code = history.outcomeCode(attempt);
    counts[code] = (counts[code] ?? 0) + 1;
  }
  const of = (code: number): number => counts[code] ?? 0;
  return {
    sold: of(outcomeCode.sold),
    sold_out: of(outcomeCode.sold_out),
    busy: of(outcomeCode.busy),
    refused: of(outcomeCode.refused),
    error: of(outcomeCode.error),
    unknown: of(outcomeCode.unknown),
  };
}

function countUnconnected(history: History): number {
  let found = 0;
  for (let attempt = 0; attempt < history.length; attempt += 1) if (history.unconnected(attempt)) found += 1;
  return found;
}

function answersPerSecond(history: History, firstSend: number): number | null {
  let answers = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (!history.answered(attempt)) continue;
    answers += 1;
    last = Math.max(last, history.endedAt(attempt));
  }
  return last > firstSend ? answers / ((last - firstSend) / NS_PER_S) : null;
}

function latencyFigures(history: History): LatencyFigures | null {
  const latencies = new Float64Array(history.length);
  for (let attempt = 0; attempt < latencies.length; attempt += 1) {
    const latency = (history.endedAt(attempt) - history.sentAt(attempt)) / NS_PER_MS;
    latencies[attempt] = history.unconnected(attempt) ? Number.NaN : latency;
  }
  // A typed array sorts NaN to its end.
  latencies.sort();
  let samples = latencies.length;
  // Attempts that never ended have none, nor have those that were never sent.
  while (samples > 0 && Number.isNaN(latencies[samples - 1])) samples -= 1;
  if (samples === 0) return null;
  const known = latencies.subarray(0, samples);
  let sum = 0;
  for (const latency of known) sum += latency;
  return {
    samples,
    avg: sum / samples,
    p50: percentile(known, 50),
    p95: percentile(known, 95),
    p99: percentile(known, 99),
    max: percentile(known, 100),
  };
}

function timeToSellOut(history: History, context: MetricsContext, firstSend: number): number | null {
  const lastSale = lastSaleAt(history);
  return lastSale >= firstSend && ranOut(history, context) ? (lastSale - firstSend) / NS_PER_MS : null;
}

function lastSaleAt(history: History): number {
  let last = Number.NEGATIVE_INFINITY;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (history.outcomeCode(attempt) === outcomeCode.sold) last = Math.max(last, history.endedAt(attempt));
  }
  return last;
}

/** True when nothing is left of any product that somebody asked for. */
function ranOut(history: History, { plan, purchases }: MetricsContext): boolean {
  const book = new OrderBook(plan.load.orders, plan.products.length);
  const asked = book.unitsOver(history, () => true);
  const sold =
    purchases === null
      ? book.unitsOver(history, (attempt) => history.outcomeCode(attempt) === outcomeCode.sold)
      : plan.products.map((_, product) => purchases.units(product));
  return plan.products.every(({ stock }, product) => (asked[product] ?? 0) === 0 || (sold[product] ?? 0) >= stock);
}
