import type { Finding } from "../domain/finding.ts";
import type { Metrics } from "../domain/metrics.ts";
import { OUTCOMES } from "../domain/outcome.ts";
import type { Environment, FaultSummary, RunRecord, TruthSummary } from "../domain/record.ts";
import type { Remark } from "../domain/remark.ts";
import type { Reporter } from "./reporter.ts";

/** One record alone, several as an array. */
export const jsonReporter: Reporter = {
  name: "json",
  render: (records) => text(records.length === 1 ? inOrder(records[0]) : records.map(inOrder)),
};

/** Always an array, for a command line that asked for several runs and got fewer. */
export const jsonArrayReporter: Reporter = {
  name: "json-array",
  render: (records) => text(records.map(inOrder)),
};

function text(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The same keys in the same order whoever made the record, so that two records can be compared line by line. */
function inOrder(record: RunRecord | undefined): RunRecord | undefined {
  if (record === undefined) return undefined;
  return {
    schemaVersion: record.schemaVersion,
    id: record.id,
    scenario: record.scenario,
    startedAt: record.startedAt,
    durationMs: record.durationMs,
    verdict: record.verdict,
    exitCode: record.exitCode,
    reason: record.reason,
    checks: record.checks.map(finding),
    metrics: metrics(record.metrics),
    truth: truth(record.truth),
    faults: record.faults.map(fault),
    environment: environment(record.environment),
    incidents: record.incidents,
    disturbed: record.disturbed,
    remarks: record.remarks.map(remark),
    evidence: sorted(record.evidence),
  };
}

function finding({ name, kind, verdict, expected, actual, detail, evidence }: Finding): Finding {
  return { name, kind, verdict, expected, actual, detail, evidence };
}

function metrics(from: Metrics): Metrics {
  const { attempts, outcomes, tps, latencyMs, timeToSellOutMs, peakInFlight, comebacks, sendSpreadMs } = from;
  const [sold, soldOut, busy, refused, error, unknown] = OUTCOMES;
  return {
    attempts,
    outcomes: {
      [sold]: outcomes[sold],
      [soldOut]: outcomes[soldOut],
      [busy]: outcomes[busy],
      [refused]: outcomes[refused],
      [error]: outcomes[error],
      [unknown]: outcomes[unknown],
    },
    unconnected: from.unconnected,
    tps,
    latencyMs: latencyMs === null ? null : latency(latencyMs),
    firstSendMs: from.firstSendMs,
    timeToSellOutMs,
    peakInFlight,
    comebacks,
    sendSpreadMs,
    arrivalSpreadMs: from.arrivalSpreadMs,
    generatorCpuPercent: from.generatorCpuPercent,
  };
}

function latency({ samples, avg, p50, p95, p99, max }: NonNullable<Metrics["latencyMs"]>): Metrics["latencyMs"] {
  return { samples, avg, p50, p95, p99, max };
}

function fault({ kind, targets, what, injectedMs, healedMs, obstacle }: FaultSummary): FaultSummary {
  return { kind, targets, what, injectedMs, healedMs, obstacle };
}

function remark({ about, text }: Remark): Remark {
  return { about, text };
}

function truth({ settled, settledAfterMs, agreedAfterMs, products }: TruthSummary): TruthSummary {
  return {
    settled,
    settledAfterMs,
    agreedAfterMs,
    products: products.map(({ product, initial, sold, rows, stock }) => ({ product, initial, sold, rows, stock })),
  };
}

function environment(from: Environment): Environment {
  const { lockbench, node, redis, platform, cores, stack, lock, replicas, buyers, stock, seed } = from;
  return { lockbench, node, redis, platform, cores, stack, lock, replicas, buyers, stock, seed };
}

function sorted(evidence: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(evidence).sort(([a], [b]) => (a < b ? -1 : 1)));
}
