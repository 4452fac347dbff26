import { expect, test } from "vitest";
import type { CheckKind, Finding, Verdict } from "../../src/domain/finding.ts";
import { concludeRun, type Surroundings } from "../../src/domain/verdict.ts";

function finding(name: string, kind: CheckKind, verdict: Verdict): Finding {
  return { name, kind, verdict, expected: "this", actual: "that", detail: `why ${name}\nand a stack`, evidence: [] };
}

const sound = finding("oversold", "correctness", "pass");
const violated = finding("receipts", "correctness", "fail");
const open = finding("exact_sales", "correctness", "inconclusive");
const slow = finding("p99", "performance", "fail");

const QUIET = { incidents: [], disturbed: false };
const incidents = (...lines: string[]): Surroundings => ({ incidents: lines, disturbed: false });

test("everything passed is exit code 0", () => {
  expect(concludeRun([sound, finding("p99", "performance", "pass")], QUIET)).toEqual({
    verdict: "pass",
    exitCode: 0,
    reason: "all 2 checks passed",
  });
});

test("a violation outweighs a dead server, an open question and a slow answer", () => {
  const conclusion = concludeRun([sound, open, slow, violated], incidents("the server died"));
  expect(conclusion).toEqual({ verdict: "fail", exitCode: 1, reason: "correctness was violated: receipts" });
});

test("a Redis that somebody else restarted explains a stock that is gone, and not a unit that was sold twice", () => {
  const restarted = { incidents: ["redis was restarted from outside"], disturbed: true };
  const gone = finding("stock_mismatch", "correctness", "fail");
  expect(concludeRun([sound, gone, finding("liveness", "correctness", "fail")], restarted)).toEqual({
    verdict: "inconclusive",
    exitCode: 5,
    reason: "the environment failed: redis was restarted from outside",
  });
  for (const name of ["oversold", "double_purchase", "receipts", "evidence_intact"]) {
    const conclusion = concludeRun([gone, finding(name, "correctness", "fail")], restarted);
    expect(conclusion).toMatchObject({ exitCode: 1, reason: `correctness was violated: ${name}` });
  }
});

test("a dead server outweighs an open question", () => {
  const conclusion = concludeRun([sound, open], incidents("the server died\nlog", "the record could not be kept"));
  expect(conclusion).toMatchObject({ verdict: "inconclusive", exitCode: 5 });
  expect(conclusion.reason).toBe("the environment failed: the server died (and 1 more)");
});

test("an open question outweighs a missed threshold, and says why in one line", () => {
  const conclusion = concludeRun([sound, slow, open], QUIET);
  expect(conclusion).toEqual({
    verdict: "inconclusive",
    exitCode: 4,
    reason: "inconclusive: exact_sales: why exact_sales",
  });
});

test("a threshold without samples, and a load that did not do its job, leave the run open", () => {
  expect(concludeRun([sound, finding("p99", "performance", "inconclusive")], QUIET).exitCode).toBe(4);
  expect(concludeRun([sound, finding("contention", "validity", "inconclusive")], QUIET).exitCode).toBe(4);
  expect(concludeRun([sound, finding("contention", "validity", "fail")], QUIET).exitCode).toBe(4);
});

test("correct but too slow is exit code 3, with the figure", () => {
  const conclusion = concludeRun([sound, slow], QUIET);
  expect(conclusion).toMatchObject({ verdict: "fail", exitCode: 3 });
  expect(conclusion.reason).toContain("p99 that, expected this");
});

test("no findings, and none about correctness, prove nothing", () => {
  expect(concludeRun([], QUIET)).toMatchObject({ verdict: "inconclusive", exitCode: 4 });
  expect(concludeRun([finding("p99", "performance", "pass")], QUIET).exitCode).toBe(4);
});
