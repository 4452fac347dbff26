import type { OrderBook } from "../../domain/order-book.ts";
import { outcomeCode } from "../../domain/outcome.ts";
import { plausibleGrant } from "../../domain/stamps.ts";
import type { Case } from "../check.ts";

/** The sold-out answers of a run. */
export interface SoldOuts {
  readonly told: number;
  /** Those that would have been found out, had they been false. */
  readonly tested: number;
}

/**
 * A false answer shows by a sale after it: by one that says when it was
 * granted, or by one to somebody who was sent only then and wanted the same.
 */
export function soldOuts({ history, plan }: Case, book: OrderBook): SoldOuts {
  let [sold, stamped] = [0, 0];
  const lastSent = new Float64Array(plan.products.length).fill(-Infinity);
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (history.outcomeCode(attempt) === outcomeCode.sold) {
      sold += 1;
      if (!Number.isNaN(plausibleGrant(history, attempt))) stamped += 1;
    }
    for (const { product } of book.lines(history.order(attempt)))
      lastSent[product] = Math.max(lastSent[product] ?? -Infinity, history.sentAt(attempt));
  }
  // A few stamps that cannot be true do not make the others worthless.
  const showsGrants = sold > 0 && stamped * 2 >= sold;
  let [told, tested] = [0, 0];
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (history.outcomeCode(attempt) !== outcomeCode.sold_out) continue;
    told += 1;
    const sentLater = ({ product }: { readonly product: number }): boolean =>
      (lastSent[product] ?? -Infinity) > history.endedAt(attempt);
    if (showsGrants || book.lines(history.order(attempt)).every(sentLater)) tested += 1;
  }
  return { told, tested };
}
