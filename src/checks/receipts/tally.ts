import type { OrderBook } from "../../domain/order-book.ts";
import type { Purchases } from "../../domain/purchases.ts";

/** How many of its order an attempt's rows make up. */
export type Tally = "all" | "part" | "too much";

/**
 * Compares an attempt's rows with its order, product by product. Two rows of
 * one unit are as good as one row of two: shops write either.
 */
export function tally(purchases: Purchases, rows: readonly number[], book: OrderBook, order: number): Tally {
  const lines = book.lines(order);
  const units = new Map<number, number>();
  for (const row of rows) {
    const product = purchases.product(row);
    units.set(product, (units.get(product) ?? 0) + purchases.quantity(row));
  }
  if (lines.every(({ product, quantity }) => units.get(product) === quantity)) {
    return units.size === lines.length ? "all" : "too much";
  }
  const tooMuch = [...units].some(([product, bought]) => bought > book.units(order, product));
  return tooMuch ? "too much" : "part";
}
