import { expect, it } from "vitest";
import type { RunRecord } from "../../src/domain/record.ts";
import { proofOf } from "../../src/domain/proof.ts";

/** As much of a record as a proof of a sound shop looks at. */
function ended(verdict: RunRecord["verdict"], exitCode: RunRecord["exitCode"], reason: string): RunRecord {
  return { scenario: "v1_stress", verdict, exitCode, reason, checks: [] } as unknown as RunRecord;
}

it("a sound shop that passes proves the harness right", () => {
  expect(proofOf(null, ended("pass", 0, "all 14 checks passed"))).toMatchObject({ shortcomings: [], remarks: [] });
});

it("a sound shop on a slow machine is no false alarm, and is told of", () => {
  const reason = "correct, but a threshold was missed: avg";
  expect(proofOf(null, ended("fail", 3, reason))).toMatchObject({ shortcomings: [], remarks: [reason] });
});

it.each([
  ["fail", 1],
  ["inconclusive", 4],
  ["inconclusive", 5],
] as const)("a sound shop whose verdict is %s (exit %d) counts against the harness", (verdict, exitCode) => {
  expect(proofOf(null, ended(verdict, exitCode, "why")).shortcomings).toEqual(["expected the run to pass, found: why"]);
});
