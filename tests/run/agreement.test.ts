import { expect, test } from "vitest";
import { agreement } from "../../src/run/agreement.ts";
import type { Snapshot } from "../../src/run/witnesses.ts";
import { caseOf, times } from "../support/histories.ts";

/** 10 units, 4 sold for certain, and 2 attempts that nobody answered. */
const { plan, history } = caseOf({
  stock: [10],
  attempts: [...times(4, { outcome: "sold" }), ...times(2, { outcome: "unknown" })],
});
const { exact, possible } = agreement(plan, history);

function saying(redis: number | null, database: number, rows: number, unreachable: readonly string[] = []): Snapshot {
  const stock = [
    { source: "redis", product: 0, units: redis, said: String(redis) },
    { source: "database", product: 0, units: database, said: String(database) },
  ];
  return { stock, rows, unreachable };
}

test("whatever became of attempts without an answer, witnesses that tell the same story agree", () => {
  expect(possible(saying(6, 6, 4))).toBe(true);
  expect(possible(saying(5, 5, 5))).toBe(true);
  expect(possible(saying(4, 4, 6))).toBe(true);
});

test("witnesses that contradict one another, or the answers, do not", () => {
  expect(possible(saying(6, 5, 5))).toBe(false);
  expect(possible(saying(7, 7, 3))).toBe(false);
  expect(possible(saying(3, 3, 7))).toBe(false);
  expect(possible(saying(null, 6, 4))).toBe(false);
  expect(possible(saying(6, 6, 4, ["redis1: connection refused"]))).toBe(false);
});

test("nobody can be certain while an attempt is unanswered", () => {
  expect(exact(saying(6, 6, 4))).toBe(false);
  const answered = caseOf({ stock: [10], attempts: times(4, { outcome: "sold" }) });
  expect(agreement(answered.plan, answered.history).exact(saying(6, 6, 4))).toBe(true);
});
