import { buyerName } from "../domain/buyers.ts";
import type { History } from "../domain/history.ts";
import type { Purchases } from "../domain/purchases.ts";
import { count, milliseconds } from "./wording.ts";

const MOST_LINES = 5;

/** Counts every proof and keeps the first few: a million violations are proven by five. */
export class Evidence {
  #found = 0;
  readonly #lines: string[] = [];

  /** @param line written only when it is kept */
  add(line: () => string): void {
    this.#found += 1;
    if (this.#lines.length < MOST_LINES) this.#lines.push(line());
  }

  get found(): number {
    return this.#found;
  }

  get lines(): readonly string[] {
    const more = this.#found - this.#lines.length;
    return more > 0 ? [...this.#lines, `… and ${String(more)} more`] : this.#lines;
  }
}

/** `attempt 17 (buyer-17, sold, sent at 1.2 ms, ended at 3.4 ms)` */
export function attemptLine(history: History, attempt: number): string {
  const ended = history.endedAt(attempt);
  const end = Number.isNaN(ended) ? "never ended" : `ended at ${milliseconds(ended)}`;
  const who = `${buyerName(history.buyer(attempt))}, ${history.outcome(attempt)}`;
  return `attempt ${String(attempt)} (${who}, sent at ${milliseconds(history.sentAt(attempt))}, ${end})`;
}

/** `row 41 (1 unit of product "1" for buyer-17)` */
export function rowLine(purchases: Purchases, products: readonly { readonly id: string }[], row: number): string {
  const stranger = purchases.stranger(row);
  const product = stranger?.product ?? products[purchases.product(row)]?.id ?? "?";
  const buyer = stranger?.buyer ?? buyerName(purchases.buyer(row));
  const key = stranger?.key === undefined ? "" : `, key "${stranger.key}"`;
  return `row ${purchases.id(row)} (${count(purchases.quantity(row), "unit")} of product "${product}" for ${buyer}${key})`;
}
