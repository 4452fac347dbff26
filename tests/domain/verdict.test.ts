import { expect, test } from "vitest";
import type { CheckKind, Finding, Verdict } from "../../src/domain/finding.ts";
import { concludeRun } from "../../src/domain/verdict.ts";

function finding(name: string, kind: CheckKind, verdict: Verdict): Finding {
  return { name, kind, verdict, expected: "this", actual: "that", detail: `why ${name}\nand a stack`, evidence: [] };
}

const sound = finding("oversold", "correctness", "pass");
const violated = finding("receipts", "correctness", "fail");
const open = finding("exact_sales", "correctness", "inconclusive");
const slow = finding("p99", "performance", "fail");

test("everything passed is exit code 0", () => {
  expect(concludeRun([sound, finding("p99", "performance", "pass")], [])).toEqual({
    verdict: "pass",
    exitCode: 0,
    reason: "all 2 checks passed",
  });
});

test("a violation outweighs a dead server, an open question and a slow answer", () => {
  const conclusion = concludeRun([sound, open, slow, violated], ["the server died"]);
  expect(conclusion).toEqual({ verdict: "fail", exitCode: 1, reason: "correctness was violated: receipts" });
});

test("a dead server outweighs an open question", () => {
  const conclusion = concludeRun([sound, open], ["the server died\nlog", "the record could not be kept"]);
  expect(conclusion).toMatchObject({ verdict: "inconclusive", exitCode: 5 });
  expect(conclusion.reason).toBe("the environment failed: the server died (and 1 more)");
});

test("an open question outweighs a missed threshold, and says why in one line", () => {
  const conclusion = concludeRun([sound, slow, open], []);
  expect(conclusion).toEqual({
    verdict: "inconclusive",
    exitCode: 4,
    reason: "inconclusive: exact_sales: why exact_sales",
  });
});

test("a threshold without samples, and a load that did not do its job, leave the run open", () => {
  expect(concludeRun([sound, finding("p99", "performance", "inconclusive")], []).exitCode).toBe(4);
  expect(concludeRun([sound, finding("contention", "validity", "inconclusive")], []).exitCode).toBe(4);
  expect(concludeRun([sound, finding("contention", "validity", "fail")], []).exitCode).toBe(4);
});

test("correct but too slow is exit code 3, with the figure", () => {
  const conclusion = concludeRun([sound, slow], []);
  expect(conclusion).toMatchObject({ verdict: "fail", exitCode: 3 });
  expect(conclusion.reason).toContain("p99 that, expected this");
});

test("no findings, and none about correctness, prove nothing", () => {
  expect(concludeRun([], [])).toMatchObject({ verdict: "inconclusive", exitCode: 4 });
  expect(concludeRun([finding("p99", "performance", "pass")], []).exitCode).toBe(4);
});
