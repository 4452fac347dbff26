import { buyerName } from "../domain/buyers.ts";
import { OrderBook } from "../domain/order-book.ts";
import type { Purchases } from "../domain/purchases.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { Evidence, attemptLine, rowLine } from "./evidence.ts";
import { judgeUnits } from "./witnesses.ts";
import { count } from "./wording.ts";

const EXPECTED = "0 double purchases";

/** No buyer owns more than the limit, and no attempt was charged twice for one line. */
export const doublePurchase: Check = {
  name: "double_purchase",
  kind: "correctness",
  applies: () => true,
  judge: (run) => judgeUnits(run, EXPECTED, (purchases) => judgePurchases(run, purchases)),
};

function judgePurchases(run: Case, purchases: Purchases): Ruling {
  const evidence = new Evidence();
  const { perBuyer } = run.plan.demands;
  const tied = judgeAttempts(run, purchases, evidence);
  const owned = perBuyer === null ? 0 : judgeBuyers(run, purchases, perBuyer, evidence);
  const actual = count(evidence.found, "double purchase");
  const limit = perBuyer === null ? "no limit for each buyer" : `limit ${count(perBuyer, "unit")} for each buyer`;
  const detail = `${count(purchases.length, "row")}, ${String(tied)} of them tied to an attempt; ${limit}`;
  if (evidence.found > 0) return { verdict: "fail", expected: EXPECTED, actual, detail, evidence: evidence.lines };
  const blind = whyBlind(purchases, tied, owned);
  if (blind !== undefined) return { verdict: "inconclusive", expected: EXPECTED, actual, detail: blind };
  return { verdict: "pass", expected: EXPECTED, actual, detail };
}

function whyBlind(purchases: Purchases, tied: number, owned: number): string | undefined {
  if (purchases.length === 0) return "there is no purchase row, so a double purchase could not have shown";
  if (owned === 0 && purchases.unkeyed.size > 0) {
    return "rows carry no key and buyers came more than once: a second charge looks like a second purchase";
  }
  return tied === 0 && owned === 0 ? "no row names an attempt or a buyer of this run" : undefined;
}

/** @returns how many rows could be tied to an attempt */
function judgeAttempts({ plan, history }: Case, purchases: Purchases, evidence: Evidence): number {
  const book = new OrderBook(plan.load.orders, plan.products.length);
  const rows = purchases.byAttempt(history.length);
  let tied = 0;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const first = rows.first(attempt);
    if (first < 0) continue;
    tied += 1;
    if (rows.next(first) < 0) continue;
    const own = rows.of(attempt);
    tied += own.length - 1;
    const twice = lineChargedTwice(purchases, own, book, history.order(attempt));
    if (twice.length === 0) continue;
    evidence.add(() => `${attemptLine(history, attempt)} has ${lines(purchases, plan.products, twice)}`);
  }
  return tied;
}

/** The rows of a product of which several rows together hold more than was ordered. */
function lineChargedTwice(
  purchases: Purchases,
  rows: readonly number[],
  book: OrderBook,
  order: number,
): readonly number[] {
  for (const [product, same] of groupByProduct(purchases, rows)) {
    const units = same.reduce((sum, row) => sum + purchases.quantity(row), 0);
    if (same.length > 1 && units > book.units(order, product)) return same;
  }
  return [];
}

function groupByProduct(purchases: Purchases, rows: readonly number[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const product = purchases.product(row);
    groups.set(product, [...(groups.get(product) ?? []), row]);
  }
  return groups;
}

/** @returns how many rows name a buyer of this run */
function judgeBuyers({ plan, history }: Case, purchases: Purchases, limit: number, evidence: Evidence): number {
  const owned = new Int32Array(history.buyers);
  let named = 0;
  for (let row = 0; row < purchases.length; row += 1) {
    const buyer = purchases.buyer(row);
    if (buyer < 0 || buyer >= owned.length) continue;
    named += 1;
    owned[buyer] = (owned[buyer] ?? 0) + purchases.quantity(row);
  }
  owned.forEach((units, buyer) => {
    if (units <= limit) return;
    evidence.add(() => {
      const own = rowsOfBuyer(purchases, buyer);
      return `${buyerName(buyer)} owns ${count(units, "unit")}, limit ${String(limit)}: ${lines(purchases, plan.products, own)}`;
    });
  });
  return named;
}

function rowsOfBuyer(purchases: Purchases, buyer: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < purchases.length; row += 1) if (purchases.buyer(row) === buyer) rows.push(row);
  return rows;
}

function lines(purchases: Purchases, products: readonly { readonly id: string }[], rows: readonly number[]): string {
  const shown = rows.slice(0, 3).map((row) => rowLine(purchases, products, row));
  return rows.length > 3 ? `${shown.join(", ")}, …` : shown.join(", ");
}
