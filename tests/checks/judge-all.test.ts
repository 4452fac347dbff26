import { expect, test } from "vitest";
import { checksFor } from "../../src/checks/all.ts";
import { judgeAll, judgeWhatShows } from "../../src/checks/check.ts";
import { caseOf, times } from "../support/histories.ts";

test("a check that crashes is inconclusive and says where", () => {
  const crash = {
    name: "crash",
    kind: "correctness",
    applies: () => true,
    judge: () => {
      throw new Error("boom");
    },
  } as const;
  const crashesTwice = { ...crash, name: "twice", mayBeLeftOut: crash.judge };
  const found = judgeWhatShows([crash, crashesTwice], caseOf({ attempts: [] })).checks;
  expect(found).toHaveLength(2);
  for (const finding of found) expect(finding).toMatchObject({ verdict: "inconclusive", evidence: [] });
});

test("an empty run passes nothing", () => {
  const run = caseOf({ attempts: [], demands: { thresholds: [{ metric: "p99", operator: "<", bound: 1 }] } });
  for (const finding of judgeAll(checksFor(run.plan), run)) expect(finding.verdict, finding.name).toBe("inconclusive");
});

test("a run in which everybody was throttled passes nothing but the promise to answer", () => {
  const run = caseOf({ attempts: times(30, { outcome: "refused", sent: 0 }), stock: [10] });
  const passed = judgeAll(checksFor(run.plan), run).filter(({ verdict }) => verdict === "pass");
  expect(passed.map(({ name }) => name)).toEqual(["liveness"]);
});

test("the evidence of many violations is cut short and counted", () => {
  const run = caseOf({ attempts: times(20, { outcome: "sold" }), rows: [] });
  const receipts = judgeAll(checksFor(run.plan), run).find(({ name }) => name === "receipts");
  expect(receipts?.evidence).toHaveLength(6);
  expect(receipts?.evidence.at(-1)).toBe("… and 15 more");
});
