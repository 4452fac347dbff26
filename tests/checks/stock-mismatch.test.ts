import { expect, test } from "vitest";
import { stockMismatch } from "../../src/checks/stock-mismatch.ts";
import type { StockReading } from "../../src/domain/truth.ts";
import { judge, times } from "../support/histories.ts";

const attempts = times(3, { outcome: "sold" });

function says(source: string, units: number | null, product = 0): StockReading {
  return { source, product, units, said: String(units) };
}

test("witnesses that say what the rows leave agree", () => {
  expect(judge(stockMismatch, { attempts, stock: [5] }).verdict).toBe("pass");
});

test("one node with one unit too many is a mismatch, shown with its arithmetic", () => {
  const readings = [says("redis", 2), says("redis1", 3), says("database", 2)];
  const ruling = judge(stockMismatch, { attempts, stock: [5], readings });
  expect(ruling).toMatchObject({ verdict: "fail", actual: "1 mismatch" });
  expect(ruling.evidence).toEqual(['redis1, product "p0": said "3", expected 5 − 3 in rows = 2']);
});

test("a witness that knows nothing of a product is a mismatch", () => {
  expect(judge(stockMismatch, { attempts, stock: [5], readings: [says("redis", null)] }).verdict).toBe("fail");
  expect(judge(stockMismatch, { attempts, stock: [5], readings: [says("redis", Number.NaN)] }).verdict).toBe("fail");
});

test("a witness that leaves a product out is a mismatch", () => {
  const readings = [says("redis", 2), says("redis", 7, 1), says("database", 2)];
  const ruling = judge(stockMismatch, { attempts, stock: [5, 7], readings });
  expect(ruling.evidence).toEqual(['database, product "p1": said nothing, expected 7 − 0 in rows = 7']);
});

test("rows that nobody's stock has followed are a mismatch, and so is stock that fell without a row", () => {
  expect(judge(stockMismatch, { attempts, stock: [5], readings: [says("redis", 5)] }).verdict).toBe("fail");
  expect(judge(stockMismatch, { attempts, stock: [5], rows: [], readings: [says("redis", 4)] }).verdict).toBe("fail");
});

test("no readings, no rows, and witnesses that never came to rest prove nothing", () => {
  expect(judge(stockMismatch, { attempts, stock: [5], readings: [] }).verdict).toBe("inconclusive");
  expect(judge(stockMismatch, { attempts, stock: [5], rows: [] }).verdict).toBe("inconclusive");
  expect(judge(stockMismatch, { attempts, stock: [5], settled: false }).verdict).toBe("inconclusive");
});

test("without a probe for purchases, only witnesses that contradict each other prove something", () => {
  const agreeing = [says("redis", 2), says("database", 2)];
  const contradicting = [says("redis", 2), says("database", 3)];
  expect(judge(stockMismatch, { attempts, rows: null, readings: agreeing }).verdict).toBe("inconclusive");
  expect(judge(stockMismatch, { attempts, rows: null, readings: contradicting }).verdict).toBe("fail");
});

test("nodes that say what was seeded, beside one that followed the rows, are named as never written", () => {
  const readings = [says("redis", 2), says("redis1", 5), says("redis2", 5)];
  const ruling = judge(stockMismatch, { attempts, stock: [5], readings });
  expect(ruling).toMatchObject({ verdict: "fail", actual: "2 mismatches" });
  expect(ruling.detail).toContain("redis1, redis2 say what was seeded");
  expect(ruling.detail).toContain("stack: { redis: 1 }");
});

test("a node that followed in part, a product that sold nothing, and a shop that wrote nowhere are no such nodes", () => {
  const other = [says("redis", 2), says("redis1", 4)];
  const twoProducts = [says("redis", 2), says("redis", 7, 1), says("redis1", 5), says("redis1", 6, 1)];
  const nowhere = [says("redis", 5), says("redis1", 5)];
  expect(judge(stockMismatch, { attempts, stock: [5], readings: other }).detail).not.toContain("seeded");
  expect(judge(stockMismatch, { attempts, stock: [5, 7], readings: twoProducts }).detail).not.toContain("seeded");
  expect(judge(stockMismatch, { attempts, stock: [5], readings: nowhere }).detail).not.toContain("seeded");
});

test("how long the witnesses were waited for is told apart from how long they had been given", () => {
  const demands = (withinMs: number) => ({ settle: { quietMs: 1, withinMs } });
  const detail = (withinMs: number): string =>
    judge(stockMismatch, { attempts, stock: [5], settled: false, demands: demands(withinMs) }).detail;
  expect(detail(30)).toBe("the witnesses could not be read at rest within 40 ms");
  expect(detail(10_000)).toMatch(/^the witnesses could not be read at rest: given up after 40 of 10000 ms, /);
});
