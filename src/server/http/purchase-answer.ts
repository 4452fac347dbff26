import type { Sale, SaleLine } from "../ledger/ledger.ts";
import type { PurchaseResult } from "../purchase/purchase.ts";
import type { HttpAnswer } from "./answer.ts";

const STATUS = { sold: 201, sold_out: 409, busy: 503, unavailable: 503, conflict: 422 } as const;

/**
 * @param basket whether the order was a list of items, so that the answer is one, too
 * @param arrivedAtNs of this request; a sale that is answered again keeps the stamps of the first time
 */
export function purchaseAnswer(result: PurchaseResult, basket: boolean, arrivedAtNs: bigint): HttpAnswer {
  const status = STATUS[result.outcome];
  const arrived = { arrivedAtNs: String(arrivedAtNs) };
  switch (result.outcome) {
    case "sold":
      return { status, body: receipt(result.sale, basket) };
    case "sold_out":
      return { status, body: { outcome: "sold_out", ...arrived, ...granted(result.grantedAtNs) } };
    case "busy":
      return { status, body: { outcome: "busy", error: result.error, ...arrived, ...granted(result.grantedAtNs) } };
    case "unavailable":
      return { status, body: { outcome: "unavailable", error: result.error, ...arrived } };
    case "conflict":
      return { status, body: { outcome: "bad_request", error: result.error, ...arrived } };
  }
}

function receipt(sale: Sale, basket: boolean): Record<string, unknown> {
  const lines = sale.lines.map(item);
  return {
    outcome: "sold",
    sale: sale.sale,
    ...(basket ? { items: lines } : lines[0]),
    arrivedAtNs: sale.arrivedAtNs,
    ...granted(sale.grantedAtNs),
  };
}

function item({ product, quantity, remaining, fencingToken }: SaleLine): Record<string, unknown> {
  return { product, quantity, remaining, ...(fencingToken === null ? {} : { fencingToken }) };
}

function granted(grantedAtNs: string | null): { grantedAtNs?: string } {
  return grantedAtNs === null ? {} : { grantedAtNs };
}
