import type { ExitCode } from "./errors.ts";
import type { Verdict } from "./finding.ts";
import type { RunRecord } from "./record.ts";

/** One line about a run, for lists of many runs. */
export interface RunSummary {
  readonly id: string;
  readonly scenario: string;
  readonly lock: string | null;
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  readonly reason: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly buyers: number;
  readonly stock: number;
  readonly replicas: number;
  readonly attempts: number;
  /** Units in purchase rows over all products; null without a purchase probe. */
  readonly sold: number | null;
  readonly tps: number | null;
  readonly p99Ms: number | null;
}

export function summarise(record: RunRecord): RunSummary {
  const { environment, metrics } = record;
  return {
    id: record.id,
    scenario: record.scenario,
    lock: environment.lock,
    verdict: record.verdict,
    exitCode: record.exitCode,
    reason: record.reason,
    startedAt: record.startedAt,
    durationMs: record.durationMs,
    buyers: environment.buyers,
    stock: environment.stock,
    replicas: environment.replicas,
    attempts: metrics.attempts,
    sold: unitsSold(record),
    tps: metrics.tps,
    p99Ms: metrics.latencyMs?.p99 ?? null,
  };
}

/** Units in purchase rows over all products; null when the rows of a product could not be read. */
export function unitsSold(record: RunRecord): number | null {
  let units = 0;
  for (const product of record.truth.products) {
    if (product.sold === null) return null;
    units += product.sold;
  }
  return record.truth.products.length === 0 ? null : units;
}
