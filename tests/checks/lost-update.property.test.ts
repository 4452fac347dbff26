import fc from "fast-check";
import { expect, test } from "vitest";
import { lostUpdate } from "../../src/checks/lost-update.ts";
import { type Attempt, judge } from "../support/histories.ts";

const QUANTITY = 2;
const orders = [{ lines: [{ product: 0, quantity: QUANTITY }] }];
const sale = fc.record({ remaining: fc.nat(12), sent: fc.nat(10), took: fc.nat(6) });

/** Units numbered by the stock level that they took away: how often each was sold beyond once. */
function repeated(sales: readonly { remaining: number }[]): number {
  const sold = new Map<number, number>();
  for (const { remaining } of sales) {
    for (let unit = remaining; unit < remaining + QUANTITY; unit += 1) sold.set(unit, (sold.get(unit) ?? 0) + 1);
  }
  return [...sold.values()].reduce((sum, times) => sum + times - 1, 0);
}

function risen(sales: readonly { remaining: number; sent: number; took: number }[]): number {
  let highest = 0;
  for (const before of sales) {
    for (const after of sales) {
      if (before.sent + before.took < after.sent) {
        highest = Math.max(highest, after.remaining + QUANTITY - before.remaining);
      }
    }
  }
  return highest;
}

test("counts the units sold twice and the rise of the stock, less what may have been given back", () => {
  fc.assert(
    fc.property(fc.array(sale, { minLength: 2, maxLength: 7 }), fc.nat(3), (sales, errors) => {
      const attempts: Attempt[] = [
        ...sales.map(({ remaining, sent, took }) => ({
          outcome: "sold" as const,
          remaining,
          sent,
          ended: sent + took,
        })),
        ...Array.from({ length: errors }, () => ({ outcome: "error" as const })),
      ];
      const seen = Math.max(repeated(sales), risen(sales));
      const expected = seen > errors * QUANTITY ? "fail" : seen > 0 ? "inconclusive" : "pass";
      expect(judge(lostUpdate, { attempts, orders, stock: [20] }).verdict).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});
