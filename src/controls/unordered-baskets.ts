import type { Order, OrderLine } from "../server/order/order.ts";
import { type SellingTools, soundParts } from "../server/parts.ts";
import type { Purchase, PurchaseResult } from "../server/purchase/purchase.ts";
import type { Control } from "./control.ts";

/** The locks of a basket are taken in the order in which the buyer named the products, and kept while waiting for the next. */
export const unorderedBaskets: Control = {
  base: soundParts,
  broken: { purchase: (tools) => new AsTheyCome(tools) },
};

class AsTheyCome implements Purchase {
  readonly #inner: Purchase;
  #orders = 0;

  constructor(tools: SellingTools) {
    this.#inner = soundParts.purchase(tools);
  }

  buy(order: Order, arrivedAtNs: bigint): Promise<PurchaseResult> {
    this.#orders += 1;
    return this.#inner.buy({ ...order, lines: this.#asNamed(order.lines) }, arrivedAtNs);
  }

  /** The reader of orders has sorted them; every other buyer had named them the other way round. */
  #asNamed(lines: readonly OrderLine[]): readonly OrderLine[] {
    return this.#orders % 2 === 0 ? lines : lines.toReversed();
  }
}
