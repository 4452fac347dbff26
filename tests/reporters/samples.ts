import type { Finding } from "../../src/domain/finding.ts";
import type { RunRecord } from "../../src/domain/record.ts";
import { sampleRecord } from "../support/sample-run.ts";

export const plain = (width: number): { colour: false; width: number } => ({ colour: false, width });

export const failure: Finding = {
  name: "oversold",
  kind: "correctness",
  verdict: "fail",
  expected: "≤ 0 units over the initial stock",
  actual: "3 units over",
  detail: "103 committed − 100 initial = 3",
  evidence: ["row 101: buyer-17, 1 unit of product 1, key 20261123T150405.123Z-v1_stress-ab12-17", "row 102: buyer-4"],
};

/** A run in which 3 units too many were sold, and a server died. */
export function oversoldRecord(changes: Partial<RunRecord> = {}): RunRecord {
  const sound = sampleRecord();
  const [, firstCome] = sound.checks;
  return sampleRecord({
    verdict: "fail",
    exitCode: 1,
    reason: "correctness was violated: oversold",
    checks: [
      ...(firstCome === undefined ? [] : [{ ...firstCome, verdict: "inconclusive" as const, detail: "no stamps" }]),
      failure,
    ],
    environment: { ...sound.environment, lock: "none" },
    incidents: ["server 1 died (SIGKILL) 0.4 s after the first send; its log ends with: listening on 127.0.0.1:41763"],
    truth: {
      settled: false,
      settledAfterMs: 10_000,
      agreedAfterMs: null,
      products: [{ product: "1", initial: 100, sold: 103, rows: 103, stock: { redis: 0, database: null } }],
    },
    ...changes,
  });
}

/** The widest line, in characters. */
export function widest(text: string): number {
  return Math.max(...text.split("\n").map((line) => Array.from(line).length));
}
