import type { History } from "../../domain/history.ts";
import type { OrderBook } from "../../domain/order-book.ts";
import { outcomeCode } from "../../domain/outcome.ts";
import type { Purchases } from "../../domain/purchases.ts";
import type { RowsByAttempt } from "../../domain/rows-by-attempt.ts";

/** Beyond this many unanswered attempts of one buyer, only the sum of their units is compared. */
const MOST_COMBINED = 12;

/** What one buyer's attempts and rows come to, where no key tells which row belongs to which attempt. */
export interface Account {
  readonly buyer: number;
  readonly rows: number[];
  /** Orders that were answered "sold": their units must be there. */
  readonly owed: number[];
  /** Orders nobody answered: each may be there, whole, or not. */
  readonly open: number[];
}

/** One account for each buyer with rows that only his name ties to him, without the attempts that have rows of their own. */
export function unkeyedAccounts(history: History, purchases: Purchases, tied: RowsByAttempt): Map<number, Account> {
  const accounts = new Map<number, Account>();
  for (const row of purchases.unkeyed) {
    const buyer = purchases.buyer(row);
    const account = accounts.get(buyer) ?? { buyer, rows: [], owed: [], open: [] };
    account.rows.push(row);
    accounts.set(buyer, account);
  }
  if (accounts.size === 0) return accounts;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const account = accounts.get(history.buyer(attempt));
    if (account === undefined || tied.first(attempt) >= 0) continue;
    const outcome = history.outcomeCode(attempt);
    if (outcome === outcomeCode.sold) account.owed.push(history.order(attempt));
    if (outcome === outcomeCode.unknown) account.open.push(history.order(attempt));
  }
  return accounts;
}

/** Whether the rows are exactly what was sold, plus some of the unanswered orders, each of them whole. */
export function balances(account: Account, purchases: Purchases, book: OrderBook): boolean {
  const excess = new Float64Array(book.products);
  for (const row of account.rows) add(excess, purchases.product(row), purchases.quantity(row));
  for (const order of account.owed) subtract(excess, order, book);
  return account.open.length > MOST_COMBINED
    ? fitsIn(excess, account.open, book)
    : coverable(excess, account.open, book, 0);
}

function coverable(excess: Float64Array, open: readonly number[], book: OrderBook, from: number): boolean {
  if (excess.every((units) => units === 0)) return true;
  const order = open[from];
  if (order === undefined || excess.some((units) => units < 0)) return false;
  return (
    coverable(excess, open, book, from + 1) || coverable(subtract(excess.slice(), order, book), open, book, from + 1)
  );
}

function fitsIn(excess: Float64Array, open: readonly number[], book: OrderBook): boolean {
  const spare = excess.slice();
  for (const order of open) subtract(spare, order, book);
  return excess.every((units, product) => units >= 0 && (spare[product] ?? 0) <= 0);
}

function subtract(units: Float64Array, order: number, book: OrderBook): Float64Array {
  for (const { product, quantity } of book.lines(order)) add(units, product, -quantity);
  return units;
}

function add(units: Float64Array, product: number, quantity: number): void {
  units[product] = (units[product] ?? 0) + quantity;
}
