import type { Sale, SaleLine } from "./ledger.ts";

/** One line of a sale as it lies in the table. */
export interface SaleRow extends SaleLine {
  readonly sale: string;
  readonly buyer: string;
  readonly key: string | null;
  readonly arrivedAtNs: string;
  readonly grantedAtNs: string | null;
}

export function saleFromRows(rows: readonly SaleRow[]): Sale | undefined {
  const first = rows[0];
  if (first === undefined) return undefined;
  const { sale, buyer, key, arrivedAtNs, grantedAtNs } = first;
  const lines = rows.map(({ product, quantity, remaining, fencingToken }) => ({
    product,
    quantity,
    remaining,
    fencingToken,
  }));
  return { sale, buyer, key, arrivedAtNs, grantedAtNs, lines };
}
