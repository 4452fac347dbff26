import type { History } from "../../domain/history.ts";
import type { OrderBook } from "../../domain/order-book.ts";
import type { Plan } from "../../domain/plan.ts";
import type { Purchases } from "../../domain/purchases.ts";
import type { Tries } from "../../domain/tries.ts";

/** Units of each product that stock, orders and the limit for each buyer allow. */
export function sellableUnits(plan: Plan, history: History, book: OrderBook, tries: Tries): readonly number[] {
  const complete = unitsInCompleteOrders(plan, history, book, tries);
  const { perBuyer } = plan.demands;
  return plan.products.map(({ stock }, product) => {
    const most = Math.min(stock, complete[product] ?? 0);
    return perBuyer === null ? most : Math.min(most, wantedWithin(perBuyer, history, book, tries, product));
  });
}

/**
 * Units asked for, as far as whole orders can be served: of bundles of A and B
 * no more A can be sold than there are B. Orders for the same are taken
 * together, in whichever order they name their products. What different
 * baskets take from each other is not reckoned: this is an upper bound.
 */
function unitsInCompleteOrders(plan: Plan, history: History, book: OrderBook, tries: Tries): Float64Array {
  const placed = new Float64Array(plan.load.orders.length);
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const order = history.order(attempt);
    if (order >= 0 && tries.isLast(attempt)) placed[order] = (placed[order] ?? 0) + 1;
  }
  const alike = new Map<string, { readonly order: number; times: number }>();
  placed.forEach((times, order) => {
    const contents = book.lines(order).map(({ product, quantity }) => `${String(product)} ${String(quantity)}`);
    const name = contents.sort().join(",");
    const group = alike.get(name) ?? { order, times: 0 };
    group.times += times;
    alike.set(name, group);
  });
  const units = new Float64Array(book.products);
  for (const { order, times } of alike.values()) {
    const lines = book.lines(order);
    const stocks = lines.map(({ product, quantity }) => Math.floor((plan.products[product]?.stock ?? 0) / quantity));
    // Of one product alone, what the last order cannot have in full is no harm to any other.
    const most = lines.length > 1 ? Math.min(times, ...stocks) : times;
    for (const { product, quantity } of lines) units[product] = (units[product] ?? 0) + most * quantity;
  }
  return units;
}

/** Units asked for when nobody may own more than the limit, however often he asks. */
function wantedWithin(perBuyer: number, history: History, book: OrderBook, tries: Tries, product: number): number {
  const wanted = new Int32Array(history.buyers);
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (!tries.isLast(attempt)) continue;
    const buyer = history.buyer(attempt);
    wanted[buyer] = (wanted[buyer] ?? 0) + book.units(history.order(attempt), product);
  }
  return wanted.reduce((units, own) => units + Math.min(own, perBuyer), 0);
}

/**
 * Whether an attempt could have been served from what is left at the end, within
 * its buyer's limit. Who came back is judged by how it ended for him.
 */
export function servable(
  plan: Plan,
  history: History,
  book: OrderBook,
  tries: Tries,
  purchases: Purchases,
): (attempt: number) => boolean {
  const left = plan.products.map(({ stock }, product) => stock - purchases.units(product));
  const owned = unitsOwned(history, purchases);
  const limit = plan.demands.perBuyer ?? Number.POSITIVE_INFINITY;
  return (attempt) => {
    if (!tries.isLast(attempt)) return false;
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
