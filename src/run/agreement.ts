import type { History } from "../domain/history.ts";
import { outcomeCode } from "../domain/outcome.ts";
import type { Plan } from "../domain/plan.ts";
import type { Snapshot } from "./witnesses.ts";

/** Whether what the witnesses say fits what the buyers were told. */
export interface Agreement {
  /** Nobody is still unanswered, everybody who was told "sold" has a row, and every witness of the stock has followed. */
  readonly exact: (snapshot: Snapshot) => boolean;
  /** The witnesses agree with one another, and with the answers whatever became of the attempts that got none. */
  readonly possible: (snapshot: Snapshot) => boolean;
}

/** What attempts would take: lines of orders, and units of each product. */
interface Taken {
  readonly lines: number;
  readonly units: readonly number[];
}

export function agreement(plan: Plan, history: History): Agreement {
  const sold = takenBy(plan, history, outcomeCode.sold);
  const unknown = takenBy(plan, history, outcomeCode.unknown);
  const left = (product: number): number => (plan.products[product]?.stock ?? 0) - (sold.units[product] ?? 0);
  const least = (product: number): number => left(product) - (unknown.units[product] ?? 0);
  return {
    exact: ({ rows, stock }) =>
      unknown.lines === 0 &&
      // A shop may write a row for each line, or for each unit.
      (rows === null || rows === sold.lines || rows === total(sold)) &&
      stock.every(({ units, product }) => units === left(product)),
    possible: ({ rows, stock, unreachable }) =>
      unreachable.length === 0 &&
      (rows === null ||
        (rows >= sold.lines && rows <= Math.max(sold.lines + unknown.lines, total(sold) + total(unknown)))) &&
      stock.every(({ units, product }) => units !== null && units <= left(product) && units >= least(product)) &&
      stock.every(({ units, product }) => units === stock.find((other) => other.product === product)?.units),
  };
}

function total({ units }: Taken): number {
  return units.reduce((sum, own) => sum + own, 0);
}

function takenBy(plan: Plan, history: History, code: number): Taken {
  const units = plan.products.map(() => 0);
  let lines = 0;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (history.outcomeCode(attempt) !== code) continue;
    for (const { product, quantity } of plan.load.orders[history.order(attempt)]?.lines ?? []) {
      lines += 1;
      units[product] = (units[product] ?? 0) + quantity;
    }
  }
  return { lines, units };
}
