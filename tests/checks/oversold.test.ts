import { expect, test } from "vitest";
import { oversold } from "../../src/checks/oversold.ts";
import { judge, times } from "../support/histories.ts";

const sold = times(3, { outcome: "sold" });

test("three rows for a stock of two are one unit oversold, and the third row is the proof", () => {
  const ruling = judge(oversold, { attempts: sold, stock: [2] });
  expect(ruling).toMatchObject({ verdict: "fail", actual: "1 unit over stock" });
  expect(ruling.evidence).toEqual(['row 3 (1 unit of product "p0" for buyer-2) is unit 3 of 2']);
});

test("rows that use up the stock exactly are not oversold", () => {
  expect(judge(oversold, { attempts: sold, stock: [3] }).verdict).toBe("pass");
});

test("a product that is oversold is not hidden by another with stock to spare", () => {
  const orders = [{ lines: [{ product: 0, quantity: 1 }] }, { lines: [{ product: 1, quantity: 1 }] }];
  const ruling = judge(oversold, { attempts: sold, stock: [2, 50], orders });
  expect(ruling.verdict).toBe("fail");
  expect(ruling.detail).toContain('product "p0": 3 units in rows − 2 in stock = 1');
});

test("attempts without an answer are no oversell, whatever their number", () => {
  const attempts = [...sold, ...times(5, { outcome: "unknown" })];
  expect(judge(oversold, { attempts, stock: [3] }).verdict).toBe("pass");
});

test("sold answers without a single row say nothing about an oversell", () => {
  expect(judge(oversold, { attempts: sold, stock: [2], rows: [] }).verdict).toBe("inconclusive");
});

test("without a probe for purchases nothing is known", () => {
  expect(judge(oversold, { attempts: sold, stock: [2], rows: null }).verdict).toBe("inconclusive");
});

test("a stock that could not run out proves nothing, unless the scenario names the units to be sold", () => {
  expect(judge(oversold, { attempts: sold, stock: [100] }).verdict).toBe("inconclusive");
  expect(judge(oversold, { attempts: sold, stock: [100], demands: { sold: 3 } }).verdict).toBe("pass");
});

test("coming back again and again does not make a stock that suffices one that could run out", () => {
  const attempts = [...times(4, { outcome: "busy", buyer: 0 }), { outcome: "sold", buyer: 0 } as const];
  const load = { retry: { pauseMs: 1, withinMs: 1000 } };
  expect(judge(oversold, { attempts, stock: [2], load }).verdict).toBe("inconclusive");
  expect(judge(oversold, { attempts, stock: [1], load }).verdict).toBe("pass");
});

test("rows that still change, and rows that do not say how many, prove nothing", () => {
  expect(judge(oversold, { attempts: sold, stock: [2], settled: false }).verdict).toBe("inconclusive");
  const rows = [{ attempt: 0 }, { attempt: 1 }, { attempt: 2, quantity: Number.NaN }];
  expect(judge(oversold, { attempts: sold, stock: [2], rows }).verdict).toBe("inconclusive");
});
