import { expect, test } from "vitest";
import { checksFor } from "../../src/checks/all.ts";
import { judgeAll } from "../../src/checks/check.ts";
import { thresholdChecks } from "../../src/checks/thresholds.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { type ThresholdMetric, parseThreshold } from "../../src/domain/threshold.ts";
import { type Attempt, caseOf } from "../support/histories.ts";

function findings(attempts: readonly Attempt[], ...bounds: (readonly [ThresholdMetric, string])[]): Finding[] {
  const thresholds = bounds.flatMap(([metric, text]) => parseThreshold(metric, text) ?? []);
  const run = caseOf({ attempts, demands: { thresholds } });
  return judgeAll(thresholdChecks(run.plan), run);
}

const ended = (ms: number): Attempt => ({ outcome: "sold", sent: 0, ended: ms });

test("a bound is kept or missed, with the samples counted", () => {
  const [kept, missed] = findings([ended(10), ended(20)], ["p99", "<= 20ms"], ["max", "< 20ms"]);
  expect(kept).toMatchObject({
    name: "p99",
    kind: "performance",
    verdict: "pass",
    expected: "<= 20 ms",
    actual: "20 ms",
  });
  expect(kept?.detail).toContain("2 samples");
  expect(missed).toMatchObject({ name: "max", verdict: "fail" });
});

test("without samples a bound is neither kept nor missed", () => {
  const verdicts = findings([], ["p99", "< 1s"], ["tps", "> 1"], ["errors", "< 1%"]).map(({ verdict }) => verdict);
  expect(verdicts).toEqual(["inconclusive", "inconclusive", "inconclusive"]);
});

test("errors are the share of error and unknown", () => {
  const attempts: Attempt[] = [ended(1), ended(1), { outcome: "error" }, { outcome: "unknown" }];
  expect(findings(attempts, ["errors", "< 50%"])[0]).toMatchObject({ verdict: "fail", actual: "50 %" });
});

test("answers per second are counted to the last answer", () => {
  expect(findings([ended(10), ended(20)], ["tps", ">= 100/s"])[0]).toMatchObject({ verdict: "pass", actual: "100 /s" });
});

test("two bounds on one figure have names of their own, and follow the other checks", () => {
  const thresholds = [parseThreshold("p99", "> 1ms"), parseThreshold("p99", "< 9ms")].flatMap((bound) => bound ?? []);
  const names = checksFor(caseOf({ attempts: [], demands: { thresholds } }).plan).map(({ name }) => name);
  expect(names.slice(-2)).toEqual(["p99", "p99 < 9 ms"]);
  expect(new Set(names).size).toBe(names.length);
});
