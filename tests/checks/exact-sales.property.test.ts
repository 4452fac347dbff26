import fc from "fast-check";
import { expect, test } from "vitest";
import { exactSales } from "../../src/checks/exact-sales.ts";
import { OUTCOMES, type Outcome } from "../../src/domain/outcome.ts";
import { judge } from "../support/histories.ts";

/** The rule for single units, spelled out: what is expected, and who is to blame when less was sold. */
function ruling(outcomes: readonly Outcome[], rows: number, stock: number): string {
  const expected = Math.min(stock, outcomes.length);
  const told = (...some: Outcome[]): boolean => outcomes.some((outcome) => some.includes(outcome));
  if (rows > expected) return "fail";
  if (expected === 0) return "inconclusive";
  if (rows === expected) return "pass";
  if (told("sold_out")) return "fail";
  if (outcomes.filter((outcome) => outcome === "sold").length > rows) return "fail";
  if (rows === 0) return "inconclusive";
  return told("busy", "error") ? "fail" : "inconclusive";
}

test("judges single units as the rule says", () => {
  const outcomes = fc.array(fc.constantFrom(...OUTCOMES), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(outcomes, fc.nat(7), fc.nat(5), (drawn, written, stock) => {
      // Who owns them is not this check's business, as long as it is nobody who still waits.
      const rows = Array.from({ length: written }, () => ({ buyer: "mallory" }));
      const attempts = drawn.map((outcome) => ({ outcome }));
      const { verdict } = judge(exactSales, { attempts, rows, stock: [stock], demands: { perBuyer: null } });
      expect(verdict).toBe(ruling(drawn, written, stock));
    }),
    { numRuns: 2000 },
  );
});
