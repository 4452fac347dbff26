import type { Order } from "../server/order/order.ts";
import type { Purchase, PurchaseResult } from "../server/purchase/purchase.ts";
import type { Control } from "./control.ts";
import { slowParts } from "./slow-write.ts";

const base = slowParts(10);

/** Who does not get the lock in time is told "sold out". */
export const earlySoldOut: Control = {
  base,
  broken: { purchase: (tools) => new BusyMeansSoldOut(base.purchase(tools)) },
};

class BusyMeansSoldOut implements Purchase {
  readonly #inner: Purchase;

  constructor(inner: Purchase) {
    this.#inner = inner;
  }

  async buy(order: Order, arrivedAtNs: bigint): Promise<PurchaseResult> {
    const result = await this.#inner.buy(order, arrivedAtNs);
    return result.outcome === "busy" ? { outcome: "sold_out", grantedAtNs: result.grantedAtNs } : result;
  }
}
