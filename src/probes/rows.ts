import { usageError } from "../domain/errors.ts";
import type { PurchaseRow } from "../domain/purchases.ts";
import { textOf, unitsFrom } from "../domain/units.ts";

/** The fields that a purchase probe may deliver. `buyer` or `key` ties a row to a buyer; the rest has defaults. */
export const ROW_FIELDS = ["id", "buyer", "product", "quantity", "key", "remaining", "fencing_token"] as const;
export type RowField = (typeof ROW_FIELDS)[number];
export type RawRow = Readonly<Partial<Record<RowField, unknown>>>;

/**
 * Makes a purchase of what a probe read.
 * @param onlyProduct what a row without a product is taken to be of; undefined when the plan has several
 * @throws LockbenchError (exit 2) when the probe delivers no field that says whose purchase it is
 */
export function purchaseRow(raw: RawRow, place: number, onlyProduct: string | undefined): PurchaseRow {
  if (raw.buyer === undefined && raw.key === undefined) {
    throw usageError(
      "purchases probe: rows need a field `buyer` or `key`, found neither",
      "name the columns in the probe's query, as in `SELECT user_id AS buyer, … FROM orders`",
    );
  }
  return {
    id: text(raw.id) ?? `#${String(place + 1)}`,
    buyer: text(raw.buyer) ?? "",
    product: text(raw.product) ?? onlyProduct ?? "",
    quantity: raw.quantity === undefined ? 1 : (unitsFrom(raw.quantity) ?? Number.NaN),
    key: text(raw.key),
    remaining: unitsFrom(raw.remaining) ?? undefined,
    fencingToken: unitsFrom(raw.fencing_token) ?? undefined,
  };
}

function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : textOf(value);
}
