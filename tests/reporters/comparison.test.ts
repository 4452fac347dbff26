import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/domain/record.ts";
import { comparisonReporter } from "../../src/reporters/comparison.ts";
import { sampleRecord } from "../support/sample-run.ts";
import { oversoldRecord, plain, widest } from "./samples.ts";

const NARROW = `┌───────────┬──────────┬───────┬────────┬────────┬───────┐
│ scenario  │ verdict  │  sold │ avg ms │ p95 ms │ first │
│ lock      │ failed   │   TPS │ p50 ms │ p99 ms │ come  │
├───────────┼──────────┼───────┼────────┼────────┼───────┤
│ v1_stress │ PASS     │   100 │   9.80 │   17.3 │ 100 % │
│ fifo      │          │ 4,321 │   9.12 │   18.4 │       │
├───────────┼──────────┼───────┼────────┼────────┼───────┤
│ v1_stress │ FAIL     │   103 │   9.80 │   17.3 │ 100 % │
│ none      │ oversold │ 4,321 │   9.12 │   18.4 │       │
└───────────┴──────────┴───────┴────────┴────────┴───────┘
`;

const WIDE = `┌───────────┬──────┬─────────┬──────┬───────┬────────┬────────┬────────┬────────┬────────────┬──────────┐
│ scenario  │ lock │ verdict │ sold │   TPS │ avg ms │ p50 ms │ p95 ms │ p99 ms │ first come │ failed   │
├───────────┼──────┼─────────┼──────┼───────┼────────┼────────┼────────┼────────┼────────────┼──────────┤
│ v1_stress │ fifo │ PASS    │  100 │ 4,321 │   9.80 │   9.12 │   17.3 │   18.4 │ 100 %      │          │
│ v1_stress │ none │ FAIL    │  103 │ 4,321 │   9.80 │   9.12 │   17.3 │   18.4 │ 100 %      │ oversold │
└───────────┴──────┴─────────┴──────┴───────┴────────┴────────┴────────┴────────┴────────────┴──────────┘
`;

function withTps(tps: number): RunRecord {
  const record = sampleRecord();
  return { ...record, metrics: { ...record.metrics, tps } };
}

describe("runs side by side", () => {
  it("have a row each, with every figure in a column at 160 columns", () => {
    expect(comparisonReporter.render([sampleRecord(), oversoldRecord()], plain(160))).toBe(WIDE);
  });

  it("have two figures in a column at 80 columns", () => {
    expect(comparisonReporter.render([sampleRecord(), oversoldRecord()], plain(80))).toBe(NARROW);
  });

  it("say nothing of a figure that a run does not have", () => {
    const nothing = sampleRecord({
      checks: [],
      metrics: { ...sampleRecord().metrics, tps: null, latencyMs: null },
      truth: { settled: true, settledAfterMs: 1, agreedAfterMs: 1, products: [] },
    });
    const text = comparisonReporter.render([nothing], plain(160));
    expect(text).toMatch(/│ PASS +│ +– │ +– │ +– │ +– │ +– │ +– │ – +│ +│/);
  });

  it("stay within 80 columns for long names and many failed checks", () => {
    const [check] = oversoldRecord().checks.slice(-1);
    const checks = Array.from({ length: 12 }, (_, at) => ({
      ...(check ?? never()),
      name: `failed_check_${String(at)}`,
    }));
    const record = oversoldRecord({ scenario: "control_lease_shorter_than_the_work_without_a_check", checks });
    expect(widest(comparisonReporter.render([record, record], plain(80)))).toBeLessThanOrEqual(80);
  });
});

describe("repeated runs", () => {
  it("say how often each check failed, and how far the figures spread", () => {
    const runs = [withTps(1000), withTps(4000), withTps(2000), withTps(3000)];
    const text = comparisonReporter.render(runs, plain(80));
    expect(text).toContain("PASS 4 runs");
    expect(text).toContain("v1_stress (fifo), 4 runs: 4 passed, 0 failed, 0 inconclusive\n");
    expect(text).toContain("  oversold failed in 0 of 4\n");
    expect(text).toContain("  TPS: min 1,000/s, median 2,500/s, max 4,000/s (4 runs)\n");
    expect(text).toContain("  p99: min 18.4 ms, median 18.4 ms, max 18.4 ms (4 runs)\n");
  });

  it("show the worst verdict when one of many failed", () => {
    const failed = { ...oversoldRecord(), environment: sampleRecord().environment };
    const text = comparisonReporter.render([sampleRecord(), failed, sampleRecord()], plain(160));
    expect(text).toContain("FAIL 1 of 3 runs");
    expect(text).toContain("  oversold failed in 1 of 3\n");
    expect(text).toContain("  first_come failed in 0 of 3, inconclusive in 1\n");
  });
});

function never(): never {
  throw new Error("the sample has a check");
}
