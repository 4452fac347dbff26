import { expect, test } from "vitest";
import { exactSales } from "../../src/checks/exact-sales.ts";
import { judge, times } from "../support/histories.ts";

const PAIR = {
  lines: [
    { product: 0, quantity: 1 },
    { product: 1, quantity: 1 },
  ],
};
const FIRST = { lines: [{ product: 0, quantity: 1 }] };

test("a stock that is sold to the last unit passes", () => {
  const attempts = [...times(3, { outcome: "sold" }), { outcome: "sold_out" } as const];
  expect(judge(exactSales, { attempts, stock: [3] })).toMatchObject({ verdict: "pass", expected: "3 units" });
});

test("fewer buyers than units is enough when each of them got one", () => {
  expect(judge(exactSales, { attempts: times(3, { outcome: "sold" }), stock: [5] }).verdict).toBe("pass");
});

test("a sale without an answer counts, because its row is there", () => {
  const attempts = [{ outcome: "sold" }, { outcome: "unknown" }, { outcome: "sold_out" }] as const;
  expect(judge(exactSales, { attempts, stock: [2], rows: [{ attempt: 0 }, { attempt: 1 }] }).verdict).toBe("pass");
});

test("more rows than stock allows fails", () => {
  const ruling = judge(exactSales, { attempts: times(4, { outcome: "sold" }), stock: [3] });
  expect(ruling).toMatchObject({ verdict: "fail", expected: "3 units", actual: "4 units" });
});

test("more rows than anybody asked for fails", () => {
  const rows = [{ attempt: 0 }, { attempt: 0 }];
  expect(judge(exactSales, { attempts: [{ outcome: "sold" }], stock: [9], rows }).verdict).toBe("fail");
});

test("a sold-out answer while units are left is undersold", () => {
  const attempts = [{ outcome: "sold" }, { outcome: "sold_out" }] as const;
  const ruling = judge(exactSales, { attempts, stock: [2] });
  expect(ruling.verdict).toBe("fail");
  expect(ruling.detail).toBe('undersold: 1 attempt was told "sold out" while 1 unit was left');
  expect(ruling.evidence?.[0]).toContain("attempt 1 (buyer-1, sold_out");
});

test("telling everybody that it is sold out is undersold, although nothing was sold", () => {
  expect(judge(exactSales, { attempts: times(5, { outcome: "sold_out" }), stock: [2] }).verdict).toBe("fail");
});

test.each(["busy", "error"] as const)("%s answers while units are left are undersold", (outcome) => {
  const ruling = judge(exactSales, { attempts: [{ outcome: "sold" }, { outcome }], stock: [2] });
  expect(ruling.verdict).toBe("fail");
});

test("a server that could not be reached has turned nobody away", () => {
  const attempts = [{ outcome: "sold" }, { outcome: "error", status: 0 }] as const;
  expect(judge(exactSales, { attempts, stock: [2] }).verdict).toBe("inconclusive");
});

test.each(["refused", "unknown"] as const)("units that are left after %s attempts prove nothing", (outcome) => {
  const ruling = judge(exactSales, { attempts: [{ outcome: "sold" }, { outcome }], stock: [2] });
  expect(ruling.verdict).toBe("inconclusive");
});

test("throttling everybody is inconclusive and says so", () => {
  const ruling = judge(exactSales, { attempts: times(7, { outcome: "refused" }), stock: [2] });
  expect(ruling).toMatchObject({ verdict: "inconclusive", actual: "0 units" });
  expect(ruling.detail).toContain("refused (7 of 7)");
});

test("sold answers that left no row are missing sales, even when everybody is content", () => {
  const ruling = judge(exactSales, { attempts: times(3, { outcome: "sold" }), stock: [5], rows: [{ attempt: 0 }] });
  expect(ruling.verdict).toBe("fail");
});

test("no attempts, and nothing to sell, prove nothing", () => {
  expect(judge(exactSales, { attempts: [] }).verdict).toBe("inconclusive");
  expect(judge(exactSales, { attempts: times(3, { outcome: "sold_out" }), stock: [0] }).verdict).toBe("inconclusive");
});

test("a basket that needs what is gone could not be served, so it is no undersell", () => {
  const attempts = [{ outcome: "sold" }, { outcome: "sold_out" }] as const;
  expect(judge(exactSales, { attempts, stock: [5, 1], orders: [PAIR], demands: { perBuyer: null } }).verdict).toBe(
    "pass",
  );
});

test("a basket that was turned away although every product was left is an undersell", () => {
  const attempts = [{ outcome: "sold" }, { outcome: "sold_out" }] as const;
  expect(judge(exactSales, { attempts, stock: [5, 2], orders: [PAIR], demands: { perBuyer: null } }).verdict).toBe(
    "fail",
  );
});

const BUNDLES = [PAIR, { lines: PAIR.lines.toReversed() }];
const bundles = [
  { outcome: "sold", order: 0 },
  { outcome: "sold", order: 1 },
  { outcome: "sold_out", order: 0 },
  { outcome: "sold_out", order: 1 },
] as const;

test("of bundles no more can be sold than there is of what is short, however they are named", () => {
  const story = { attempts: bundles, stock: [9, 2], orders: BUNDLES, demands: { perBuyer: 2 } };
  expect(judge(exactSales, story)).toMatchObject({ verdict: "pass", expected: "4 units", actual: "4 units" });
  // The last of the short product went away alone, or took more of the other with it.
  const half = [{ attempt: 0 }, { attempt: 1, product: "p1" }];
  expect(judge(exactSales, { ...story, rows: half }).verdict).toBe("fail");
  const more = [{ attempt: 0 }, { attempt: 1 }, { attempt: 2, product: "p0" }];
  expect(judge(exactSales, { ...story, rows: more })).toMatchObject({
    verdict: "fail",
    detail: 'product "p0": 3 units in rows, stock and demand allow 2 units',
  });
});

const COMING_BACK = { retry: { pauseMs: 1, withinMs: 1000 } };

test("who came back and was served has not been turned away, nor has he asked for twice as much", () => {
  const attempts = [
    { outcome: "busy", buyer: 0 },
    { outcome: "refused", buyer: 1 },
    { outcome: "sold", buyer: 0 },
    { outcome: "sold", buyer: 1 },
  ] as const;
  for (const perBuyer of [1, null]) {
    const story = { attempts, stock: [9], demands: { perBuyer }, load: COMING_BACK };
    expect(judge(exactSales, story)).toMatchObject({ verdict: "pass", expected: "2 units" });
  }
});

test("who came back in vain has been turned away", () => {
  const attempts = [
    { outcome: "sold", buyer: 1 },
    { outcome: "busy", buyer: 0 },
    { outcome: "busy", buyer: 0 },
  ] as const;
  const ruling = judge(exactSales, { attempts, stock: [9], load: COMING_BACK });
  expect(ruling).toMatchObject({ verdict: "fail", detail: "undersold: 1 attempt turned away while 8 units were left" });
});

test("units of one product do not make up for another", () => {
  const attempts = [
    { outcome: "sold", order: 1 },
    { outcome: "sold_out", order: 0 },
  ] as const;
  const story = { attempts, stock: [1, 1], orders: [FIRST, { lines: [{ product: 1, quantity: 1 }] }] };
  expect(judge(exactSales, story).verdict).toBe("fail");
});

test("a buyer who has all that he may own was not turned away", () => {
  const attempts = [
    { outcome: "sold", buyer: 1 },
    { outcome: "error", buyer: 1 },
    { outcome: "sold", buyer: 2 },
  ] as const;
  expect(judge(exactSales, { attempts, stock: [9] })).toMatchObject({ verdict: "pass", expected: "2 units" });
});

test("the units that a scenario demands are what counts", () => {
  const attempts = times(3, { outcome: "sold" });
  expect(judge(exactSales, { attempts, stock: [9], demands: { sold: 3 } }).verdict).toBe("pass");
  expect(judge(exactSales, { attempts, stock: [9], demands: { sold: 2 } }).verdict).toBe("fail");
  expect(judge(exactSales, { attempts, stock: [9], demands: { sold: 4 } }).verdict).toBe("inconclusive");
});

test("without rows, promising more than there is fails, and promising less proves nothing", () => {
  const attempts = times(3, { outcome: "sold" });
  expect(judge(exactSales, { attempts, stock: [2], rows: null }).verdict).toBe("fail");
  expect(judge(exactSales, { attempts, stock: [3], rows: null }).verdict).toBe("inconclusive");
});

test("rows that still change prove nothing", () => {
  expect(judge(exactSales, { attempts: times(4, { outcome: "sold" }), stock: [3], settled: false }).verdict).toBe(
    "inconclusive",
  );
});

test("a buyer at his limit was not turned away, though the scenario demands more sales", () => {
  const attempts = [
    { outcome: "sold", buyer: 1 },
    { outcome: "error", buyer: 1 },
  ] as const;
  expect(judge(exactSales, { attempts, stock: [9], demands: { sold: 2 } }).verdict).toBe("inconclusive");
  expect(judge(exactSales, { attempts, stock: [9], demands: { sold: 2, perBuyer: 2 } }).verdict).toBe("fail");
});
