import type { History } from "../../domain/history.ts";
import type { OrderBook } from "../../domain/order-book.ts";
import type { Purchases } from "../../domain/purchases.ts";
import { earliestTake, plausibleGrant } from "../../domain/stamps.ts";

/** Two places of which the second should have had the higher token. */
export interface Fall {
  readonly before: number;
  readonly after: number;
}

export interface Order {
  readonly tokens: number;
  readonly falls: readonly Fall[];
  /** Pairs whose order nobody can tell: their tokens are too large for a number, and were rounded to the same one. */
  readonly rounded: readonly Fall[];
}

/** Rows of one product that were committed with an older token than a row before them. */
export function fallsInRows(purchases: Purchases, product: number): Order {
  const [falls, rounded]: [Fall[], Fall[]] = [[], []];
  let tokens = 0;
  let highest = -1;
  for (let row = 0; row < purchases.length; row += 1) {
    const token = purchases.fencingToken(row);
    if (purchases.product(row) !== product || Number.isNaN(token)) continue;
    tokens += 1;
    const above = highest < 0 ? -Infinity : purchases.fencingToken(highest);
    if (sameByRounding(token, above)) rounded.push({ before: highest, after: row });
    if (token < above) falls.push({ before: highest, after: row });
    else highest = row;
  }
  return { tokens, falls, rounded };
}

/**
 * Attempts that were granted after another had been answered, and whose token
 * is not higher. The same token twice counts only if the later grant is stamped:
 * a shop may serve several buyers under one grant. A basket's one number does
 * not say of which lock it is, so baskets are passed over.
 */
export function fallsInAnswers(history: History, book: OrderBook, product: number): Order {
  const places = placesOf(history, book, product);
  const byEnd = [...places].sort((a, b) => history.endedAt(a) - history.endedAt(b));
  const byStart = [...places].sort((a, b) => earliestTake(history, a) - earliestTake(history, b));
  const [falls, rounded]: [Fall[], Fall[]] = [[], []];
  let [ended, highest] = [0, -1];
  for (const after of byStart) {
    const start = earliestTake(history, after);
    for (; ended < byEnd.length; ended += 1) {
      const done = byEnd[ended] ?? -1;
      if (history.endedAt(done) >= start) break;
      if (highest < 0 || history.fencingToken(done) > history.fencingToken(highest)) highest = done;
    }
    if (highest < 0) continue;
    const [token, above] = [history.fencingToken(after), history.fencingToken(highest)];
    const stamped = !Number.isNaN(plausibleGrant(history, after));
    if (sameByRounding(token, above)) rounded.push({ before: highest, after });
    else if (token < above || (token === above && stamped)) falls.push({ before: highest, after });
  }
  return { tokens: places.length, falls, rounded };
}

/** Beyond 2^53 not every whole number is a double. Rounding keeps the order of those that still differ. */
function sameByRounding(token: number, other: number): boolean {
  return token === other && Math.abs(token) > Number.MAX_SAFE_INTEGER;
}

function placesOf(history: History, book: OrderBook, product: number): number[] {
  const places: number[] = [];
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (Number.isNaN(history.fencingToken(attempt)) || Number.isNaN(history.endedAt(attempt))) continue;
    const [line, second] = book.lines(history.order(attempt));
    if (line?.product === product && second === undefined) places.push(attempt);
  }
  return places;
}
