import type { Sale } from "../ledger/ledger.ts";
import type { Order } from "../order/order.ts";

export type PurchaseResult =
  | { readonly outcome: "sold"; readonly sale: Sale }
  | { readonly outcome: "sold_out"; readonly grantedAtNs: string | null }
  /** The lock was not obtained in time, or was lost again; nothing was sold. */
  | { readonly outcome: "busy"; readonly grantedAtNs: string | null; readonly error: string }
  | { readonly outcome: "unavailable"; readonly error: string }
  /** The key belongs to a different order. */
  | { readonly outcome: "conflict"; readonly error: string };

/** Sells an order, whole or not at all. */
export interface Purchase {
  /**
   * @param arrivedAtNs when the request arrived, on the monotonic clock
   * @throws KeyTaken when a sale with the order's key came in between; Unavailable when Redis or the database fails
   */
  buy(order: Order, arrivedAtNs: bigint): Promise<PurchaseResult>;
}
