import { describe, expect, it } from "vitest";
import { judgeCell } from "../../src/domain/judge-cell.ts";
import type { CellPlan, Expectation } from "../../src/domain/matrix.ts";
import type { RunRecord } from "../../src/domain/record.ts";
import { sampleRecord } from "../support/sample-run.ts";

const cell = (expected: Expectation): CellPlan => ({
  lock: "fifo",
  scenario: "v1_stress",
  promised: "one at a time",
  expected,
});
const PASS = cell({ verdict: "pass" });
const FAIL = cell({ verdict: "fail", checks: ["oversold"], mayFail: ["lost_update"] });

const passed = sampleRecord();
const slow = sampleRecord({ verdict: "fail", exitCode: 3, reason: "correct, but a threshold was missed" });
const inconclusive = sampleRecord({ verdict: "inconclusive", exitCode: 4, reason: "inconclusive: nobody met" });
const broken = sampleRecord({ verdict: "inconclusive", exitCode: 5, reason: "the environment failed" });

/** A run in which these checks of correctness failed. */
function violated(...names: readonly string[]): RunRecord {
  const [check] = sampleRecord().checks;
  if (check === undefined) throw new Error("the sample has a check");
  const checks = names.map((name) => ({ ...check, name, verdict: "fail" as const }));
  return sampleRecord({
    verdict: "fail",
    exitCode: 1,
    reason: `correctness was violated: ${names.join(", ")}`,
    checks,
  });
}

describe("a lock that is expected to hold", () => {
  it("held when no run violated anything, however slow it was", () => {
    expect(judgeCell(PASS, "none", [passed, slow])).toMatchObject({
      standing: "as_expected",
      why: "",
      fault: "none",
      seen: { runs: 2, correct: 2, slow: 1, violated: 0, inconclusive: 0, failed: [] },
    });
  });

  it("is refuted by one violation among many runs", () => {
    const judged = judgeCell(PASS, "none", [passed, passed, violated("mutual_exclusion"), passed]);
    expect(judged).toMatchObject({ standing: "otherwise", seen: { correct: 3, violated: 1 } });
    expect(judged.why).toContain("mutual_exclusion failed in 1");
  });

  it("is proven by nothing when there is no run, or only runs that prove nothing", () => {
    expect(judgeCell(PASS, "none", [])).toMatchObject({ standing: "unproven", why: "no run is kept" });
    const judged = judgeCell(PASS, "none", [inconclusive, broken]);
    expect(judged).toMatchObject({ standing: "unproven", seen: { runs: 2, inconclusive: 2, correct: 0 } });
    expect(judged.why).toContain("the environment failed");
  });

  it("may have inconclusive runs beside others, and they are counted", () => {
    expect(judgeCell(PASS, "none", [inconclusive, passed])).toMatchObject({
      standing: "as_expected",
      seen: { correct: 1, inconclusive: 1 },
    });
  });

  it("is not refuted by what fails beside the rows in a run that somebody else disturbed", () => {
    const disturbed = { ...violated("oversold", "stock_mismatch"), disturbed: true };
    expect(judgeCell(PASS, "none", [disturbed]).seen.failed).toEqual([{ check: "oversold", runs: 1 }]);
    expect(judgeCell(FAIL, "none", [disturbed])).toMatchObject({ standing: "as_expected" });
  });

  it("is not refuted by a threshold that was missed", () => {
    const [, , p99] = slow.checks;
    if (p99 === undefined) throw new Error("the sample has a threshold");
    expect(judgeCell(PASS, "none", [{ ...slow, checks: [{ ...p99, verdict: "fail" }] }])).toMatchObject({
      standing: "as_expected",
      seen: { failed: [] },
    });
  });
});

describe("a lock that is expected to break", () => {
  it("did when each named check failed in one of many runs", () => {
    expect(judgeCell(FAIL, "none", [passed, violated("oversold", "lost_update"), passed])).toMatchObject({
      standing: "as_expected",
      seen: { correct: 2, violated: 1 },
    });
  });

  it("is a surprise when it never breaks", () => {
    const judged = judgeCell(FAIL, "none", [passed, passed]);
    expect(judged).toMatchObject({ standing: "otherwise", why: "oversold was expected to fail, and never did" });
  });

  it("is a surprise when it breaks in a way that nobody foresaw, even beside the way that was", () => {
    const judged = judgeCell(FAIL, "none", [violated("oversold"), violated("oversold", "receipts")]);
    expect(judged.standing).toBe("otherwise");
    expect(judged.why).toBe("receipts failed in 1, and was expected not to");
  });

  it("is a surprise when only what may fail as well has failed", () => {
    expect(judgeCell(FAIL, "none", [violated("lost_update")]).why).toMatch(/^oversold was expected to fail/);
  });
});

describe("what was seen", () => {
  it("names the newest run, the checks that failed most often first, and each version once", () => {
    const newer = { ...violated("oversold"), id: "newer" };
    const other = { ...passed, environment: { ...passed.environment, redis: "8.0.1" } };
    const { seen } = judgeCell(FAIL, "none", [other, violated("lost_update", "oversold"), newer]);
    expect(seen.newest).toMatchObject({ id: "newer", verdict: "fail" });
    expect(seen.failed).toEqual([
      { check: "oversold", runs: 2 },
      { check: "lost_update", runs: 1 },
    ]);
    expect(seen.madeWith).toEqual(["lockbench 0.1.0", "Redis 8.0.1", "Node v20.20.2", "stack local", "Redis 7.0.15"]);
  });
});
