import type { History } from "../../domain/history.ts";
import type { OrderBook } from "../../domain/order-book.ts";
import { outcomeCode } from "../../domain/outcome.ts";
import type { Purchases } from "../../domain/purchases.ts";
import type { RowsByAttempt } from "../../domain/rows-by-attempt.ts";
import { earliestTake } from "../../domain/stamps.ts";
import { Handouts } from "./handouts.ts";

/** What buyers were told remained, by product. A basket's one number does not say of which product, so it is passed over. */
export function toldInAnswers(history: History, book: OrderBook): readonly Handouts[] {
  const told = Array.from({ length: book.products }, () => new Handouts());
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const remaining = history.remaining(attempt);
    if (!Number.isFinite(remaining) || history.outcomeCode(attempt) !== outcomeCode.sold) continue;
    const [line, second] = book.lines(history.order(attempt));
    if (line === undefined || second !== undefined) continue;
    told[line.product]?.add({
      remaining,
      units: line.quantity,
      span: { earliest: earliestTake(history, attempt), latest: history.endedAt(attempt) },
      place: attempt,
    });
  }
  return told;
}

/**
 * What rows say remained, by product. Commit order is not asked of them: a
 * sound shop may take units in one order and write the sales in another.
 */
export function writtenInRows(purchases: Purchases, history: History, book: OrderBook): readonly Handouts[] {
  const written = Array.from({ length: book.products }, () => new Handouts());
  const tied = purchases.byAttempt(history.length);
  for (let row = 0; row < purchases.length; row += 1) {
    const remaining = purchases.remaining(row);
    const units = unitsOfSale(purchases, history, book, tied, row);
    if (!Number.isFinite(remaining) || !Number.isFinite(units) || units <= 0) continue;
    written[purchases.product(row)]?.add({ remaining, units, place: row });
  }
  return written;
}

/**
 * A shop that writes a row for each unit repeats in all of them what remained
 * after the sale: its first row then stands for the whole line, the others for nothing.
 */
function unitsOfSale(
  purchases: Purchases,
  history: History,
  book: OrderBook,
  tied: RowsByAttempt,
  row: number,
): number {
  const attempt = purchases.attempt(row);
  const product = purchases.product(row);
  const first = tied.tied(row) ? tied.first(attempt) : -1;
  if (first < 0 || tied.next(first) < 0) return purchases.quantity(row);
  const line = tied.of(attempt).filter((other) => purchases.product(other) === product);
  const units = line.reduce((sum, other) => sum + purchases.quantity(other), 0);
  const repeated = line.every((other) => purchases.remaining(other) === purchases.remaining(row));
  if (!repeated || units !== book.units(history.order(attempt), product)) return purchases.quantity(row);
  return row === line[0] ? units : 0;
}
