import fc from "fast-check";
import { expect, test } from "vitest";
import { receipts } from "../../src/checks/receipts.ts";
import { OUTCOMES } from "../../src/domain/outcome.ts";
import { type Attempt, type Row, judge } from "../support/histories.ts";

const PAIR = {
  lines: [
    { product: 0, quantity: 1 },
    { product: 1, quantity: 2 },
  ],
};
/** How often each of the two lines was written. */
const copies = fc.tuple(fc.nat(2), fc.nat(2));
const attempt = fc.record({ outcome: fc.constantFrom(...OUTCOMES), order: fc.nat(1), written: copies });

test("passes exactly the histories that keep the rule, attempt by attempt", () => {
  fc.assert(
    fc.property(fc.array(attempt, { minLength: 1, maxLength: 4 }), fc.boolean(), (drawn, stranger) => {
      const rows: Row[] = drawn.flatMap(({ written, order }, index) => [
        ...Array.from({ length: written[0] }, () => ({ attempt: index, product: "p0", quantity: 1 })),
        ...(order === 1
          ? Array.from({ length: written[1] }, () => ({ attempt: index, product: "p1", quantity: 2 }))
          : []),
      ]);
      if (stranger) rows.push({ buyer: "mallory" });
      const keeps = drawn.every(({ outcome, order, written: [one, two] }) => {
        const whole = one === 1 && (order === 0 || two === 1);
        const none = one === 0 && (order === 0 || two === 0);
        if (outcome === "sold") return whole;
        return none || (outcome === "unknown" && whole);
      });
      const attempts: Attempt[] = drawn.map(({ outcome, order }) => ({ outcome, order }));
      const orders = [{ lines: [{ product: 0, quantity: 1 }] }, PAIR];
      const { verdict } = judge(receipts, { attempts, stock: [9, 9], orders, rows });
      const expected = !keeps || stranger ? "fail" : rows.length === 0 ? "inconclusive" : "pass";
      expect(verdict).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test("without keys, a buyer's rows are right exactly if some choice among the unanswered explains them", () => {
  const size = fc.constantFrom(1, 2, 3);
  const attempts = fc.array(fc.record({ outcome: fc.constantFrom("sold" as const, "unknown" as const), size }), {
    minLength: 2,
    maxLength: 5,
  });
  fc.assert(
    fc.property(attempts, fc.array(size, { minLength: 1, maxLength: 5 }), (drawn, written) => {
      const owed = drawn.filter(({ outcome }) => outcome === "sold").reduce((sum, each) => sum + each.size, 0);
      const open = drawn.filter(({ outcome }) => outcome === "unknown").map((each) => each.size);
      const sums = open.reduce((known, units) => [...known, ...known.map((sum) => sum + units)], [owed]);
      const bought = written.reduce((sum, units) => sum + units, 0);
      const orders = [1, 2, 3].map((quantity) => ({ lines: [{ product: 0, quantity }] }));
      const { verdict } = judge(receipts, {
        attempts: drawn.map((each) => ({ outcome: each.outcome, order: each.size - 1, buyer: 7 })),
        orders,
        rows: written.map((quantity) => ({ buyer: "buyer-7", quantity })),
      });
      expect(verdict).toBe(sums.includes(bought) ? "pass" : "fail");
    }),
    { numRuns: 1000 },
  );
});
