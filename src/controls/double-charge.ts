import type { Order } from "../server/order/order.ts";
import { soundParts } from "../server/parts.ts";
import type { Purchase, PurchaseResult } from "../server/purchase/purchase.ts";
import type { Control } from "./control.ts";

/** A purchase that seemed to hang is made once more, as an order of its own, although it had gone through. */
export const doubleCharge: Control = {
  base: soundParts,
  broken: { purchase: (tools) => new EagerRetry(soundParts.purchase(tools)) },
};

const EVERY = 5;

class EagerRetry implements Purchase {
  readonly #inner: Purchase;
  #purchases = 0;

  constructor(inner: Purchase) {
    this.#inner = inner;
  }

  async buy(order: Order, arrivedAtNs: bigint): Promise<PurchaseResult> {
    this.#purchases += 1;
    const hung = this.#purchases % EVERY === 0;
    const result = await this.#inner.buy(order, arrivedAtNs);
    // Without the key nobody can see that it is the same order.
    if (hung) await this.#inner.buy({ ...order, key: null }, arrivedAtNs);
    return result;
  }
}
