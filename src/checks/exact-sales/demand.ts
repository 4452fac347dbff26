import type { History } from "../../domain/history.ts";
import type { OrderBook } from "../../domain/order-book.ts";
import type { Plan } from "../../domain/plan.ts";
import type { Purchases } from "../../domain/purchases.ts";

/** Units of each product that stock, orders and the limit for each buyer allow. */
export function sellableUnits(plan: Plan, history: History, book: OrderBook): readonly number[] {
  const asked = book.unitsOver(history, () => true);
  const { perBuyer } = plan.demands;
  return plan.products.map(({ stock }, product) => {
    const wanted = perBuyer === null ? (asked[product] ?? 0) : wantedWithin(perBuyer, history, book, product);
    return Math.min(stock, wanted);
  });
}

/** Units asked for when nobody may own more than the limit, however often he asks. */
function wantedWithin(perBuyer: number, history: History, book: OrderBook, product: number): number {
  const wanted = new Int32Array(history.buyers);
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const buyer = history.buyer(attempt);
    wanted[buyer] = (wanted[buyer] ?? 0) + book.units(history.order(attempt), product);
  }
  return wanted.reduce((units, own) => units + Math.min(own, perBuyer), 0);
}

/** Whether an attempt could have been served from what is left at the end, within its buyer's limit. */
export function servable(
  plan: Plan,
  history: History,
  book: OrderBook,
  purchases: Purchases,
): (attempt: number) => boolean {
  const left = plan.products.map(({ stock }, product) => stock - purchases.units(product));
  const owned = unitsOwned(history, purchases);
  const limit = plan.demands.perBuyer ?? Number.POSITIVE_INFINITY;
  return (attempt) => {
    const order = history.order(attempt);
    const lines = book.lines(order);
    const enough = lines.every(({ product, quantity }) => (left[product] ?? 0) >= quantity);
    return lines.length > 0 && enough && (owned[history.buyer(attempt)] ?? 0) + book.size(order) <= limit;
  };
}

function unitsOwned(history: History, purchases: Purchases): Float64Array {
  const owned = new Float64Array(history.buyers);
  for (let row = 0; row < purchases.length; row += 1) {
    const buyer = purchases.buyer(row);
    if (buyer >= 0 && buyer < owned.length) owned[buyer] = (owned[buyer] ?? 0) + purchases.quantity(row);
  }
  return owned;
}
