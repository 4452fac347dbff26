import { expect, test } from "vitest";
import { deadlock } from "../../src/checks/deadlock.ts";
import type { Order } from "../../src/domain/order.ts";
import { caseOf, judge, type Story } from "../support/histories.ts";

function basket(...products: readonly number[]): Order {
  return { lines: products.map((product) => ({ product, quantity: 1 })) };
}

/** Two buyers who name p0 and p1 in opposite orders. */
function crossing(story: Partial<Story> = {}): Story {
  const attempts = [
    { outcome: "sold", order: 0, sent: 0, ended: 10 },
    { outcome: "sold", order: 1, sent: 5, ended: 15 },
  ] as const;
  return { attempts, stock: [5, 5, 5], orders: [basket(0, 1), basket(2, 1, 0)], ...story };
}

test("baskets that crossed and were all served have not waited in a circle", () => {
  const ruling = judge(deadlock, crossing());
  expect(ruling).toMatchObject({ verdict: "pass", actual: "0 deadlocks" });
  expect(ruling.detail).toContain("1 of 2 baskets met another");
});

test("baskets that never were in flight together, or named no two products in opposite orders, prove nothing", () => {
  const apart = [
    { outcome: "sold", order: 0, sent: 0, ended: 5 },
    { outcome: "sold", order: 1, sent: 5, ended: 15 },
  ] as const;
  expect(judge(deadlock, crossing({ attempts: apart })).verdict).toBe("inconclusive");
  expect(judge(deadlock, crossing({ orders: [basket(0, 1), basket(0, 2, 1)] })).verdict).toBe("inconclusive");
  expect(judge(deadlock, crossing({ orders: [basket(0, 1), basket(1, 2)] })).verdict).toBe("inconclusive");
});

test.each(["busy", "refused", "error", "unknown"] as const)(
  "whether who ended as %s had waited in a circle is not certain",
  (outcome) => {
    const attempts = [...crossing().attempts, { outcome, order: 0, sent: 6, ended: 20 }];
    const ruling = judge(deadlock, crossing({ attempts }));
    expect(ruling).toMatchObject({ verdict: "inconclusive", actual: "1 attempt turned away" });
    expect(ruling.evidence?.[0]).toContain("attempt 2");
  },
);

test("a basket that never ended is met by all that come after it", () => {
  const attempts = [
    { outcome: "unknown", order: 0, sent: 0, ended: null },
    { outcome: "sold", order: 1, sent: 500, ended: 515 },
  ] as const;
  expect(judge(deadlock, crossing({ attempts })).detail).toContain("1 of 2 baskets met another");
});

test("where every order holds one product nobody can wait in a circle, and there is no such row", () => {
  const applies = (orders: readonly Order[]): boolean => deadlock.applies(caseOf(crossing({ orders })).plan);
  expect(applies([basket(0), basket(1)])).toBe(false);
  expect(applies([basket(0, 0), basket(1)])).toBe(false);
  expect(applies([basket(0), basket(1, 0)])).toBe(true);
});
