import { expect, test } from "vitest";
import { receipts } from "../../src/checks/receipts.ts";
import { type Story, judge } from "../support/histories.ts";

const PAIR = {
  lines: [
    { product: 0, quantity: 1 },
    { product: 1, quantity: 2 },
  ],
};

function verdict(story: Story): string {
  return judge(receipts, story).verdict;
}

test("a row for each sold answer and none for the rest passes", () => {
  const attempts = [{ outcome: "sold" }, { outcome: "sold_out" }, { outcome: "busy" }, { outcome: "error" }] as const;
  expect(verdict({ attempts })).toBe("pass");
});

test("a sold answer without a row fails", () => {
  const ruling = judge(receipts, { attempts: [{ outcome: "sold" }, { outcome: "sold" }], rows: [{ attempt: 0 }] });
  expect(ruling.verdict).toBe("fail");
  expect(ruling.evidence).toEqual(["attempt 1 (buyer-1, sold, sent at 1 ms, ended at 11 ms) has no row"]);
});

test("a sold answer with two rows fails", () => {
  expect(verdict({ attempts: [{ outcome: "sold" }], rows: [{ attempt: 0 }, { attempt: 0 }] })).toBe("fail");
});

test.each(["sold_out", "busy", "refused", "error"] as const)("a row for somebody who was told %s fails", (outcome) => {
  const attempts = [{ outcome: "sold" }, { outcome }] as const;
  expect(verdict({ attempts, rows: [{ attempt: 0 }, { attempt: 1 }] })).toBe("fail");
});

test("an attempt without an answer may have its row or none, but not two", () => {
  const attempts = [{ outcome: "sold" }, { outcome: "unknown" }] as const;
  expect(verdict({ attempts, rows: [{ attempt: 0 }] })).toBe("pass");
  expect(verdict({ attempts, rows: [{ attempt: 0 }, { attempt: 1 }] })).toBe("pass");
  expect(verdict({ attempts, rows: [{ attempt: 0 }, { attempt: 1 }, { attempt: 1 }] })).toBe("fail");
});

test("half a basket fails, whether it was answered or not", () => {
  const half = { stock: [9, 9], orders: [PAIR], rows: [{ attempt: 0, product: "p0", quantity: 1 }] };
  expect(verdict({ ...half, attempts: [{ outcome: "sold" }] })).toBe("fail");
  expect(verdict({ ...half, attempts: [{ outcome: "unknown" }] })).toBe("fail");
});

test("a basket with a line that was not ordered fails", () => {
  const rows = [{ attempt: 0 }, { attempt: 0, product: "p2" }];
  expect(verdict({ attempts: [{ outcome: "sold" }], stock: [9, 9, 9], orders: [PAIR], rows })).toBe("fail");
});

test("the wrong quantity and a quantity that is no number fail", () => {
  const attempts = [{ outcome: "sold" }] as const;
  expect(verdict({ attempts, rows: [{ attempt: 0, quantity: 2 }] })).toBe("fail");
  expect(verdict({ attempts, rows: [{ attempt: 0, quantity: Number.NaN }] })).toBe("fail");
});

test("a shop may write one row for each unit", () => {
  const rows = [
    { attempt: 0, product: "p0" },
    { attempt: 0, product: "p1", quantity: 1 },
    { attempt: 0, product: "p1", quantity: 1 },
  ];
  expect(verdict({ attempts: [{ outcome: "sold" }], stock: [9, 9], orders: [PAIR], rows })).toBe("pass");
});

test("rows that nobody bought fail: a stranger, another run, an attempt that was never made", () => {
  const attempts = [{ outcome: "sold" }] as const;
  expect(verdict({ attempts, rows: [{ attempt: 0 }, { buyer: "mallory" }] })).toBe("fail");
  expect(verdict({ attempts, rows: [{ attempt: 0 }, { buyer: "buyer-0", key: "other-0" }] })).toBe("fail");
  expect(verdict({ attempts, rows: [{ attempt: 0 }, { buyer: "buyer-7", key: "test-7" }] })).toBe("fail");
  expect(verdict({ attempts, rows: [{ attempt: 0 }, { buyer: "buyer-7" }] })).toBe("fail");
});

test("a row that charges somebody else fails", () => {
  const attempts = [{ outcome: "sold" }, { outcome: "sold_out" }] as const;
  const ruling = judge(receipts, { attempts, rows: [{ attempt: 0, buyer: "buyer-1" }] });
  expect(ruling.evidence?.[0]).toContain("is for a purchase that buyer-0 made");
});

test("rows of a product that the scenario does not know fail", () => {
  expect(verdict({ attempts: [{ outcome: "sold" }], rows: [{ attempt: 0, product: "p9" }] })).toBe("fail");
});

test("without keys, a row belongs to the buyer's only attempt", () => {
  const attempts = [{ outcome: "sold" }, { outcome: "sold_out" }] as const;
  expect(verdict({ attempts, rows: [{ buyer: "buyer-0" }] })).toBe("pass");
  expect(verdict({ attempts, rows: [{ buyer: "buyer-1" }] })).toBe("fail");
});

test("without keys, a buyer who came often has as many rows as he was sold, give or take the unanswered", () => {
  const again = (outcome: "sold" | "sold_out" | "unknown") => ({ outcome, buyer: 4 }) as const;
  const row = { buyer: "buyer-4" };
  const twoSold = [again("sold"), again("sold"), again("sold_out")];
  expect(verdict({ attempts: twoSold, rows: [row, row] })).toBe("pass");
  expect(verdict({ attempts: twoSold, rows: [row] })).toBe("fail");
  expect(verdict({ attempts: twoSold, rows: [row, row, row] })).toBe("fail");
  expect(verdict({ attempts: [...twoSold, again("unknown")], rows: [row, row, row] })).toBe("pass");
});

test("without keys, half an unanswered order is noticed", () => {
  const orders = [{ lines: [{ product: 0, quantity: 2 }] }];
  const attempts = [
    { outcome: "sold", buyer: 4 },
    { outcome: "unknown", buyer: 4 },
  ] as const;
  expect(verdict({ attempts, orders, rows: [{ buyer: "buyer-4", quantity: 2 }] })).toBe("pass");
  expect(verdict({ attempts, orders, rows: [{ buyer: "buyer-4", quantity: 3 }] })).toBe("fail");
  expect(verdict({ attempts, orders, rows: [{ buyer: "buyer-4", quantity: 4 }] })).toBe("pass");
});

test("rows with keys and rows without, of one buyer, are not counted twice", () => {
  const attempts = [
    { outcome: "sold", buyer: 4 },
    { outcome: "sold", buyer: 4 },
  ] as const;
  expect(verdict({ attempts, rows: [{ attempt: 0 }, { buyer: "buyer-4" }] })).toBe("pass");
});

test("when nothing was sold there is nothing to compare", () => {
  expect(verdict({ attempts: [{ outcome: "sold_out" }, { outcome: "unknown" }] })).toBe("inconclusive");
});

test("no probe, and rows that still change, prove nothing", () => {
  expect(verdict({ attempts: [{ outcome: "sold" }], rows: null })).toBe("inconclusive");
  expect(verdict({ attempts: [{ outcome: "sold" }], rows: [], settled: false })).toBe("inconclusive");
});
