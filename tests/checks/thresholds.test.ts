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

test("attempts that found no connection make no latency better, and are told", () => {
  const refused: Attempt = { outcome: "error", status: 0, sent: 3, ended: 3 };
  const [avg] = findings([ended(90), refused, refused, refused], ["avg", "< 50ms"]);
  expect(avg).toMatchObject({ verdict: "fail", actual: "90 ms" });
  expect(avg?.detail).toContain("1 sample, every attempt that ended; 3 attempts found no connection, and are left out");
  const [none, rate] = findings([refused], ["avg", "< 50ms"], ["tps", ">= 0/s"]);
  expect(none).toMatchObject({ verdict: "inconclusive", actual: "no samples" });
  expect(none?.detail).toContain("1 attempt found no connection, and is left out");
  expect(rate).toMatchObject({ verdict: "inconclusive" });
});

test("errors are the share of error and unknown", () => {
  const attempts: Attempt[] = [ended(1), ended(1), { outcome: "error" }, { outcome: "unknown" }];
  expect(findings(attempts, ["errors", "< 50%"])[0]).toMatchObject({ verdict: "fail", actual: "50 %" });
});

test("where buyers come back, only their last tries are errors or none", () => {
  const thresholds = [parseThreshold("errors", "<= 30%")].flatMap((bound) => bound ?? []);
  const attempts: Attempt[] = [
    { outcome: "error", buyer: 0 },
    { outcome: "error", buyer: 1 },
    { outcome: "sold", buyer: 2 },
    { outcome: "error", buyer: 0 },
    { outcome: "sold", buyer: 0 },
    { outcome: "sold", buyer: 3 },
  ];
  const load = { retry: { pauseMs: 1, withinMs: 1000 } };
  const run = caseOf({ attempts, demands: { thresholds }, load });
  expect(judgeAll(thresholdChecks(run.plan), run)[0]).toMatchObject({
    verdict: "pass",
    actual: "25 %",
    detail: "1 error + 0 unknown of 4 buyers' last tries",
  });
  expect(findings(attempts, ["errors", "<= 30%"])[0]).toMatchObject({ verdict: "fail", actual: "50 %" });
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
