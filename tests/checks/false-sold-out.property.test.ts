import fc from "fast-check";
import { expect, test } from "vitest";
import { falseSoldOut } from "../../src/checks/false-sold-out.ts";
import { type Attempt, judge } from "../support/histories.ts";

const outcome = fc.constantFrom(
  "sold" as const,
  "sold" as const,
  "sold_out" as const,
  "sold_out" as const,
  "error" as const,
  "unknown" as const,
);
const attempt = fc
  .record({ outcome, sent: fc.nat(12), took: fc.nat(6), granted: fc.option(fc.nat(6), { nil: undefined }) })
  .map(({ outcome: what, sent, took, granted }): Attempt => {
    const grant = what === "sold" && granted !== undefined && granted <= took ? { granted: sent + granted } : {};
    return { outcome: what, sent, ended: sent + took, ...grant };
  });
const attempts = fc.array(attempt, { minLength: 1, maxLength: 8 });

const HALF_STEPS = Array.from({ length: 60 }, (_, step) => step / 2);

/** Whether some order of events makes this sold-out true: every sale as early as can be, every failure holding all the while. */
function canBeTrue(told: Attempt, all: readonly Attempt[], stock: number): boolean {
  const from = told.sent ?? 0;
  const to = told.ended ?? 0;
  return HALF_STEPS.some((now) => {
    if (now < from || now > to) return false;
    const taken = all.filter(({ outcome: what, sent = 0, granted = sent }) => what === "sold" && granted <= now);
    const held = all.filter(({ outcome: what, sent = 0, ended }) => {
      if (what === "unknown") return sent <= now;
      return what === "error" && sent <= now && (ended ?? 0) >= now;
    });
    return taken.length + held.length >= stock;
  });
}

function provenFalse(all: readonly Attempt[], stock: number): boolean {
  // Unknown attempts without a row: nobody knows whether they held.
  return judge(falseSoldOut, { attempts: all, stock: [stock] }).verdict === "fail";
}

function soldOut(all: readonly Attempt[]): Attempt[] {
  return all.filter(({ outcome: what }) => what === "sold_out");
}

test("whatever fails could not have been true in any order of events", () => {
  fc.assert(
    fc.property(attempts, fc.nat(2), (all, spare) => {
      const stock = all.filter(({ outcome: what }) => what === "sold").length + spare;
      fc.pre(provenFalse(all, stock));
      expect(soldOut(all).every((told) => canBeTrue(told, all, stock))).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("where nothing was given back and nothing is left, whatever could not have been true fails", () => {
  fc.assert(
    fc.property(attempts, (drawn) => {
      const all = drawn.filter(({ outcome: what }) => what === "sold" || what === "sold_out");
      const stock = all.length - soldOut(all).length;
      const honest = soldOut(all).every((told) => canBeTrue(told, all, stock));
      expect(provenFalse(all, stock)).toBe(!honest);
    }),
    { numRuns: 2000 },
  );
});
