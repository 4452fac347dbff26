import fc from "fast-check";
import { expect, test } from "vitest";
import { firstCome } from "../../src/checks/first-come.ts";
import { type Attempt, judge } from "../support/histories.ts";

const drawn = fc.record({
  outcome: fc.constantFrom("sold" as const, "sold_out" as const, "busy" as const),
  sent: fc.nat(10),
  took: fc.nat(8),
  stamp: fc.option(fc.nat(8), { nil: undefined }),
});
const attempts = fc.array(
  drawn.map(({ outcome, sent, took, stamp }): Attempt => {
    return {
      outcome,
      sent,
      ended: sent + took,
      ...(stamp === undefined ? {} : { arrived: sent + Math.min(stamp, took) }),
    };
  }),
  { minLength: 1, maxLength: 6 },
);

/** The shares of the first K of K sold, over every order in which the buyers can have arrived. */
function shares(all: readonly Attempt[]): number[] {
  const sold = all.filter(({ outcome }) => outcome === "sold").length;
  return orders(all, Number.NEGATIVE_INFINITY).map(
    (order) => order.slice(0, sold).filter(({ outcome }) => outcome === "sold").length / sold,
  );
}

function orders(rest: readonly Attempt[], now: number): Attempt[][] {
  if (rest.length === 0) return [[]];
  return rest.flatMap((next, place) => {
    const { sent = 0, ended, arrived } = next;
    const earliest = Math.max(now, arrived ?? sent);
    if (earliest > (arrived ?? ended ?? 0)) return [];
    return orders(rest.toSpliced(place, 1), earliest).map((others) => [next, ...others]);
  });
}

test("fails if every possible order of arrival misses the share, passes if every one reaches it, else leaves it open", () => {
  fc.assert(
    fc.property(attempts, fc.constantFrom(0.34, 0.5, 0.67, 0.99), (all, demanded) => {
      fc.pre(all.some(({ outcome }) => outcome === "sold"));
      const possible = shares(all);
      const expected =
        Math.max(...possible) < demanded ? "fail" : Math.min(...possible) >= demanded ? "pass" : "inconclusive";
      expect(judge(firstCome, { attempts: all, demands: { firstCome: demanded } }).verdict).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});
