import type { History } from "./history.ts";
import type { OrderBook } from "./order-book.ts";
import { outcomeCode } from "./outcome.ts";
import type { Purchases } from "./purchases.ts";

/**
 * Which attempts may have taken units and given them back. A sound shop may
 * take a unit, fail to write the sale, and return the unit; until then it is
 * neither free nor sold.
 *
 * An unknown attempt that has rows kept its units. A buyer who was told "sold
 * out" took nothing where all orders are alike; but a basket that took A and
 * then found B empty held A for a while, and so did an order for 3 that found 2.
 * @param purchases rows that have settled, or null where there are none to go by
 */
export function mayHaveGivenBack(
  history: History,
  book: OrderBook,
  purchases: Purchases | null,
): (attempt: number) => boolean {
  const rows = purchases === null ? undefined : purchases.byAttempt(history.length);
  return (attempt) => {
    const outcome = history.outcomeCode(attempt);
    if (outcome === outcomeCode.sold) return false;
    if (outcome === outcomeCode.sold_out) return !book.uniform;
    if (outcome === outcomeCode.unknown) return rows === undefined || rows.first(attempt) < 0;
    return true;
  };
}
