import { describe, expect, test } from "vitest";
import { judgeWhatShows } from "../../src/checks/check.ts";
import { lostUpdate } from "../../src/checks/lost-update.ts";
import type { PurchaseProbePlan } from "../../src/domain/plan.ts";
import { type Attempt, type Row, type Story, caseOf, judge } from "../support/histories.ts";

function verdict(attempts: readonly Attempt[], more: Partial<Story> = {}): string {
  return judge(lostUpdate, { attempts, ...more }).verdict;
}

const sold = (remaining: number, sent: number, ended: number): Attempt => ({ outcome: "sold", remaining, sent, ended });

test("distinct and falling values pass", () => {
  expect(verdict([sold(9, 0, 5), sold(8, 6, 9), sold(7, 7, 12)])).toBe("pass");
});

test("the same value twice is a lost update, and both answers are shown", () => {
  const ruling = judge(lostUpdate, { attempts: [sold(9, 0, 5), sold(9, 1, 6)] });
  expect(ruling).toMatchObject({ verdict: "fail", actual: "1 unit lost" });
  expect(ruling.evidence?.[0]).toContain("left 9");
});

test("values of concurrent sales may come in any order", () => {
  expect(verdict([sold(7, 0, 9), sold(9, 1, 9), sold(8, 2, 9)])).toBe("pass");
});

test("a value that rises between two sales, one certainly before the other, fails", () => {
  expect(verdict([sold(5, 0, 5), sold(8, 6, 9)])).toBe("fail");
});

test("a grant after the other's answer makes the order certain", () => {
  expect(verdict([sold(5, 0, 5), { ...sold(8, 1, 9), granted: 6 }])).toBe("fail");
  expect(verdict([sold(5, 0, 5), sold(8, 1, 9)])).toBe("pass");
});

test("orders for two overlap if their values are one apart", () => {
  const orders = [{ lines: [{ product: 0, quantity: 2 }] }];
  expect(verdict([sold(8, 0, 5), sold(6, 6, 9)], { orders })).toBe("pass");
  expect(verdict([sold(8, 0, 5), sold(7, 1, 9)], { orders })).toBe("fail");
});

test.each(["error", "busy", "refused", "unknown"] as const)(
  "a unit that an attempt ending as %s may have given back excuses one repetition, not two",
  (outcome) => {
    const once = [sold(9, 0, 5), sold(9, 1, 6), { outcome }];
    expect(verdict(once)).toBe("inconclusive");
    expect(verdict([...once, sold(9, 2, 7)])).toBe("fail");
  },
);

test("an unanswered purchase that kept its unit excuses nothing", () => {
  const attempts = [sold(9, 0, 5), sold(9, 1, 6), { outcome: "unknown" } as const];
  expect(verdict(attempts, { rows: [{ attempt: 0 }, { attempt: 1 }, { attempt: 2 }] })).toBe("fail");
});

test("give-backs that repeated no value leave nothing to excuse", () => {
  expect(verdict([sold(9, 0, 5), { outcome: "error" }, sold(8, 6, 9)])).toBe("pass");
});

test("products count down apart", () => {
  const orders = [0, 1].map((product) => ({ lines: [{ product, quantity: 1 }] }));
  const attempts = [sold(9, 0, 5), { ...sold(9, 6, 9), order: 1 }];
  expect(verdict(attempts, { stock: [10, 10], orders })).toBe("pass");
});

test("rows that left the same stock behind are a lost update, though the answers are silent", () => {
  const attempts: Attempt[] = [{ outcome: "sold" }, { outcome: "sold" }];
  const rows = (second: number): Row[] => [
    { attempt: 0, remaining: 9 },
    { attempt: 1, remaining: second },
  ];
  expect(verdict(attempts, { rows: rows(9) })).toBe("fail");
  expect(verdict(attempts, { rows: rows(8) })).toBe("pass");
});

test("rows may be written in another order than the units were taken", () => {
  const rows = [
    { attempt: 0, remaining: 8 },
    { attempt: 1, remaining: 9 },
  ];
  expect(verdict([{ outcome: "sold" }, { outcome: "sold" }], { rows })).toBe("pass");
});

test("one row for each unit repeats what remained, lawfully", () => {
  const orders = [{ lines: [{ product: 0, quantity: 2 }] }];
  const rows = [0, 0, 1, 1].map((attempt) => ({ attempt, quantity: 1, remaining: attempt === 0 ? 8 : 6 }));
  expect(verdict([{ outcome: "sold" }, { outcome: "sold" }], { orders, rows })).toBe("pass");
});

test("declared but never seen, or seen once in many sales, proves nothing", () => {
  expect(verdict([{ outcome: "sold" }, { outcome: "sold" }])).toBe("inconclusive");
  expect(verdict([sold(9, 0, 5), { outcome: "sold" }])).toBe("inconclusive");
  expect(verdict([{ outcome: "sold_out" }])).toBe("inconclusive");
});

test("the only sale there was needs no other to compare with", () => {
  expect(verdict([sold(0, 0, 5), { outcome: "sold_out" }], { stock: [1] })).toBe("pass");
});

test("a shop that does not say what remains has no such row in the table", () => {
  const { plan } = caseOf({ attempts: [] });
  const answer = { ...plan.target.answer, remaining: null };
  expect(lostUpdate.applies(plan)).toBe(true);
  expect(lostUpdate.applies({ ...plan, target: { ...plan.target, answer } })).toBe(false);
});

test("small sales inside a large one are all repetitions of it", () => {
  const orders = [5, 1].map((quantity) => ({ lines: [{ product: 0, quantity }] }));
  const attempts = [sold(0, 0, 9), { ...sold(1, 0, 9), order: 1 }, { ...sold(3, 0, 9), order: 1 }];
  expect(judge(lostUpdate, { attempts, orders })).toMatchObject({ verdict: "fail", actual: "2 units lost" });
});

describe("in a run in which every order is a basket", () => {
  const pair = { lines: [0, 1].map((product) => ({ product, quantity: 1 })) };
  const baskets: Story = {
    attempts: [sold(9, 0, 5), sold(8, 6, 9)],
    stock: [10, 10],
    orders: [pair],
  };
  const overHttp: PurchaseProbePlan = { kind: "http", path: "/sales", rows: "", fields: {} };

  function verdicts(story: Partial<Story>, purchaseProbe: PurchaseProbePlan | null = overHttp): string[] {
    const run = caseOf({ ...baskets, ...story });
    const plan = { ...run.plan, target: { ...run.plan.target, purchaseProbe } };
    return judgeWhatShows([lostUpdate], { ...run, plan }).checks.map((finding) => finding.verdict);
  }

  test("one number in the answer is of no product, so that rows which say nothing leave no row in the table", () => {
    expect(verdicts({})).toEqual([]);
    expect(verdicts({ rows: null }, null)).toEqual([]);
  });

  test("rows that say what remained are judged", () => {
    const rows = (second: number): Row[] =>
      [9, second].flatMap((remaining, attempt) => ["p0", "p1"].map((product) => ({ attempt, product, remaining })));
    expect(verdicts({ rows: rows(8) })).toEqual(["pass"]);
    expect(verdicts({ rows: rows(9) })).toEqual(["fail"]);
  });

  test("rows that were to say it, that could not be read at rest, or that are none at all prove nothing", () => {
    expect(verdicts({}, { ...overHttp, fields: { remaining: "left" } })).toEqual(["inconclusive"]);
    const query = "SELECT buyer, key, units_left AS remaining FROM sales";
    expect(verdicts({}, { kind: "sqlite", file: "shop.db", query })).toEqual(["inconclusive"]);
    expect(verdicts({ settled: false })).toEqual(["inconclusive"]);
    expect(verdicts({ rows: [] })).toEqual(["inconclusive"]);
  });

  test("an order of one product among them is judged by its answer", () => {
    const orders = [pair, { lines: [{ product: 0, quantity: 1 }] }];
    const alone = { ...sold(9, 10, 15), order: 1 };
    expect(verdicts({ orders, attempts: [alone, { ...alone, sent: 11 }] })).toEqual(["fail"]);
  });
});
