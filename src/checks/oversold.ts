import { OrderBook } from "../domain/order-book.ts";
import type { Purchases } from "../domain/purchases.ts";
import { Tries } from "../domain/tries.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { Evidence, rowLine } from "./evidence.ts";
import { judgeUnits } from "./witnesses.ts";
import { count } from "./wording.ts";

const EXPECTED = "0 units over stock";

/** No product has more units in purchase rows than it had in stock. The stock column is not asked: it may lie. */
export const oversold: Check = {
  name: "oversold",
  kind: "correctness",
  applies: () => true,
  judge: (run) => judgeUnits(run, EXPECTED, (purchases) => judgeBalance(run, purchases)),
};

interface Balance {
  readonly id: string;
  readonly product: number;
  readonly stock: number;
  readonly committed: number;
}

function judgeBalance(run: Case, purchases: Purchases): Ruling {
  const balances = run.plan.products.map(({ id, stock }, product) => ({
    id,
    product,
    stock,
    committed: purchases.units(product),
  }));
  const excess = balances.reduce((units, { committed, stock }) => units + Math.max(0, committed - stock), 0);
  const actual = `${count(excess, "unit")} over stock`;
  const detail = arithmetic(balances);
  if (excess > 0) {
    return { verdict: "fail", expected: EXPECTED, actual, detail, evidence: rowsBeyond(run, purchases, balances) };
  }
  const blind = whyBlind(run, purchases);
  if (blind !== undefined) return { verdict: "inconclusive", expected: EXPECTED, actual, detail: blind };
  return { verdict: "pass", expected: EXPECTED, actual, detail };
}

/** Why an oversell could not have shown in this run; undefined when it could. */
function whyBlind({ plan, history }: Case, purchases: Purchases): string | undefined {
  if (purchases.length === 0) return "there is no purchase row, so an oversell could not have shown";
  // A scenario that names the units to be sold says with it that stock may be left.
  if (plan.demands.sold !== null) return undefined;
  const tries = new Tries(history, plan.load);
  const book = new OrderBook(plan.load.orders, plan.products.length);
  const asked = book.unitsOver(history, (attempt) => tries.isLast(attempt));
  if (plan.products.some(({ stock }, product) => (asked[product] ?? 0) >= stock)) return undefined;
  const most = count(Math.max(...asked), "unit");
  return `no stock could run out (at most ${most} of a product were asked for), so an oversell could not have shown`;
}

function arithmetic(balances: readonly Balance[]): string {
  const worst = balances.toSorted((a, b) => b.committed - b.stock - (a.committed - a.stock))[0];
  if (worst === undefined) return "the scenario has no product";
  const { id, committed, stock } = worst;
  const which = balances.length > 1 ? `worst of ${count(balances.length, "product")}, ` : "";
  return `${which}product "${id}": ${count(committed, "unit")} in rows − ${String(stock)} in stock = ${String(committed - stock)}`;
}

/** The rows that took a product past its stock, in commit order. */
function rowsBeyond({ plan }: Case, purchases: Purchases, balances: readonly Balance[]): readonly string[] {
  const evidence = new Evidence();
  for (const { product, stock, committed } of balances) {
    if (committed <= stock) continue;
    let units = 0;
    for (let row = 0; row < purchases.length; row += 1) {
      if (purchases.product(row) !== product) continue;
      units += purchases.quantity(row);
      const total = units;
      if (total > stock) {
        evidence.add(() => `${rowLine(purchases, plan.products, row)} is unit ${String(total)} of ${String(stock)}`);
      }
    }
  }
  return evidence.lines;
}
