import { afterEach, beforeEach, expect, it } from "vitest";
import { Returns } from "../../src/server/stock/returns.ts";
import type { Stock, Taking } from "../../src/server/stock/stock.ts";
import { Unavailable } from "../../src/server/unavailable.ts";
import { until } from "./support/world.ts";

const taking = (sale: string): Taking => ({ sale, key: null, lines: [{ product: "1", quantity: 1 }] });
const SALES = ["a", "b", "c", "d", "e"];

/** What has been tried, while the ledger or Redis is away, or is not. */
let tried: string[];
let away: readonly string[];
let returns: Returns;
beforeEach(() => {
  [tried, away] = [[], SALES];
  const no = (): Promise<never> => Promise.reject(new Error("nobody asks for this"));
  const stock: Stock = {
    read: no,
    take: no,
    confirm: no,
    raiseFence: no,
    giveBack({ sale }) {
      tried.push(sale);
      return away.includes(sale) ? Promise.reject(new Unavailable("database: locked")) : Promise.resolve();
    },
  };
  returns = new Returns(stock, () => undefined);
});
afterEach(() => returns.stop());

it("whoever gives back while it cannot be done tries his own sale only, and one of them is tried again", async () => {
  for (const sale of SALES) await returns.giveBack(taking(sale));
  expect(tried).toEqual(SALES);
  await returns.settle();
  expect(tried).toHaveLength(6);
});

it("what is owed is returned once it can be, without being asked for", async () => {
  for (const sale of SALES) await returns.giveBack(taking(sale));
  away = [];
  await until("all are returned", () => tried.length === 10);
  await returns.settle();
  expect(tried.toSorted()).toEqual([...SALES, ...SALES].toSorted());
});

it("a sale that cannot be returned keeps no other waiting for ever", async () => {
  for (const sale of SALES) await returns.giveBack(taking(sale));
  away = ["a"];
  tried = [];
  await until("the others are returned", () => new Set(tried).size === 5);
});
