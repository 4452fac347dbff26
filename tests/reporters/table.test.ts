import { describe, expect, it } from "vitest";
import { tableReporter } from "../../src/reporters/table.ts";
import { sampleRecord } from "../support/sample-run.ts";
import { failure, oversoldRecord, plain, widest } from "./samples.ts";

const PASSED = `v1_stress · lock fifo · 300 buyers for 100 units · 1 server · stack local
run 20261123T150405.123Z-v1_stress-ab12

┌────────────┬─────────────────────┬─────────┬─────────┐
│ check      │ expected            │ actual  │ verdict │
├────────────┼─────────────────────┼─────────┼─────────┤
│ oversold   │ ≤ 0 units           │ 0 units │ PASS    │
│ first_come │ ≥ 99 % of the units │ 100 %   │ PASS    │
│ p99        │ < 1000 ms           │ 18.4 ms │ PASS    │
└────────────┴─────────────────────┴─────────┴─────────┘

figures
  attempts      300: 100 sold, 200 sold_out
  throughput    4,321/s answered, first send to last answer
  latency       avg 9.80, p50 9.12, p95 17.3, p99 18.4, max 18.9 ms (300 samples)
  sold out      61.7 ms after the first send
  in flight     300 at the peak
  spread        sends 6.25 ms, arrivals 8.50 ms
  generator CPU 64 % of one core

truth, settled 151 ms after the last answer
┌─────────┬─────────┬──────┬──────┬─────────────┬────────────────┐
│ product │ initial │ sold │ rows │ left: redis │ left: database │
├─────────┼─────────┼──────┼──────┼─────────────┼────────────────┤
│ 1       │     100 │  100 │  100 │           0 │              0 │
└─────────┴─────────┴──────┴──────┴─────────────┴────────────────┘
`;

const FAILED = `v1_stress · lock none · 300 buyers for 100 units · 1 server · stack local
run 20261123T150405.123Z-v1_stress-ab12

┌────────────┬──────────────────────────────────┬──────────────┬──────────────┐
│ check      │ expected                         │ actual       │ verdict      │
├────────────┼──────────────────────────────────┼──────────────┼──────────────┤
│ first_come │ ≥ 99 % of the units              │ 100 %        │ INCONCLUSIVE │
│ oversold   │ ≤ 0 units over the initial stock │ 3 units over │ FAIL         │
└────────────┴──────────────────────────────────┴──────────────┴──────────────┘

oversold FAIL
  103 committed − 100 initial = 3
    row 101: buyer-17, 1 unit of product 1, key
    20261123T150405.123Z-v1_stress-ab12-17
    row 102: buyer-4

first_come INCONCLUSIVE
  no stamps

figures
  attempts      300: 100 sold, 200 sold_out
  throughput    4,321/s answered, first send to last answer
  latency       avg 9.80, p50 9.12, p95 17.3, p99 18.4, max 18.9 ms (300
                samples)
  sold out      61.7 ms after the first send
  in flight     300 at the peak
  spread        sends 6.25 ms, arrivals 8.50 ms
  generator CPU 64 % of one core

truth, NOT settled 10,000 ms after the last answer
┌─────────┬─────────┬──────┬──────┬─────────────┬────────────────┐
│ product │ initial │ sold │ rows │ left: redis │ left: database │
├─────────┼─────────┼──────┼──────┼─────────────┼────────────────┤
│ 1       │     100 │  103 │  103 │           0 │     unreadable │
└─────────┴─────────┴──────┴──────┴─────────────┴────────────────┘

incidents
  ! server 1 died (SIGKILL) 0.4 s after the first send; its log ends with:
    listening on 127.0.0.1:41763
`;

describe("the report of a run", () => {
  it("shows checks, figures and truth at 160 columns", () => {
    expect(tableReporter.render([sampleRecord()], plain(160))).toBe(PASSED);
  });

  it("puts the proof of a failure first, then what is open, at 80 columns", () => {
    expect(tableReporter.render([oversoldRecord()], plain(80))).toBe(FAILED);
  });

  it("says PASS, FAIL and INCONCLUSIVE in words whether or not there is colour", () => {
    const coloured = tableReporter.render([oversoldRecord()], { colour: true, width: 80 });
    expect(coloured).toContain("\u001b[");
    // eslint-disable-next-line no-control-regex -- taking the colours away again is the point
    expect(coloured.replaceAll(/\u001b\[\d+m/g, "")).toBe(FAILED);
  });

  it.each([40, 60, 80, 100, 160])("keeps its borders within %i columns whatever the texts", (width) => {
    const long = "x".repeat(300);
    const record = oversoldRecord({
      checks: [
        { ...failure, name: `check_${long}`, expected: `${long} ≤ 3`, actual: `many words ${"and more ".repeat(40)}` },
        { ...failure, detail: `first line\n    at ${long}`, evidence: [long, "\u001b[2J"] },
      ],
      truth: {
        settled: true,
        settledAfterMs: 1,
        agreedAfterMs: 1,
        products: Array.from({ length: 20 }, (_, at) => ({
          product: `product-${String(at)}`,
          initial: 100_000,
          sold: null,
          rows: null,
          stock: Object.fromEntries(
            ["redis", "redis1", "redis2", "redis3", "redis4", "database"].map((name) => [name, 0]),
          ),
        })),
      },
    });
    const text = tableReporter.render([record], plain(width));
    expect(widest(text)).toBeLessThanOrEqual(width);
    const rows = text.split("\n").filter((line) => /^[│┌├└]/.test(line));
    expect(rows.filter((line) => !/[│┐┤┘]$/.test(line))).toEqual([]);
    expect(text).not.toContain("\u001b");
    expect(text.replaceAll(/\s+/g, " ")).toContain("… and 8 more products, whose witnesses agree");
  });

  it("shows products whose witnesses disagree before all others", () => {
    const product = { initial: 10, sold: 4, rows: 4, stock: { redis: 6 } };
    const products = Array.from({ length: 30 }, (_, at) => ({ ...product, product: `p${String(at)}` }));
    const wrong = { ...product, product: "wrong", stock: { redis: 7 } };
    const record = sampleRecord({
      truth: { settled: true, settledAfterMs: 1, agreedAfterMs: 1, products: [...products, wrong] },
    });
    const text = tableReporter.render([record], plain(80));
    expect(text.indexOf("│ wrong")).toBeGreaterThan(0);
    expect(text.indexOf("│ wrong")).toBeLessThan(text.indexOf("│ p0"));
  });

  it("counts the times of faults from the first send, and says of each that did not come why", () => {
    const fault = { kind: "kill", targets: ["app"], what: "kill app", injectedMs: 250, healedMs: 430, obstacle: null };
    const never = { ...fault, injectedMs: null, healedMs: null };
    const record = sampleRecord({ faults: [fault, never, { ...never, obstacle: "app is down already" }] });
    const text = tableReporter.render([record], plain(80));
    expect(text).toContain(
      [
        "faults, times after the first send",
        "  kill app: at 150 ms, healed at 330 ms",
        "  kill app: never came",
        "  kill app: could not be injected: app is down already",
      ].join("\n"),
    );
    const older = sampleRecord({ faults: [fault], metrics: { ...sampleRecord().metrics, firstSendMs: null } });
    expect(tableReporter.render([older], plain(80))).toContain("faults\n  kill app: at 250 ms, healed at 430 ms");
  });

  it("says beside the attempts how many found no connection", () => {
    const { metrics } = sampleRecord();
    const record = sampleRecord({ metrics: { ...metrics, unconnected: 1200 } });
    expect(tableReporter.render([record], plain(80))).toContain("200 sold_out; 1,200 found no connection\n");
  });

  it("says so when nothing was measured, answered or checked", () => {
    const empty = sampleRecord({
      checks: [],
      metrics: {
        ...sampleRecord().metrics,
        attempts: 0,
        outcomes: { sold: 0, sold_out: 0, busy: 0, refused: 0, error: 0, unknown: 0 },
        tps: null,
        latencyMs: null,
        timeToSellOutMs: null,
        arrivalSpreadMs: null,
        generatorCpuPercent: null,
      },
    });
    const text = tableReporter.render([empty], plain(80));
    for (const said of ["proves nothing", "no answer", "no samples", "never", "not stamped", "not measured"]) {
      expect(text).toContain(said);
    }
    expect(text).not.toMatch(/NaN|null|undefined/);
  });
});
