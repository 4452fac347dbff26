import type { Order } from "../server/order/order.ts";
import type { SellingTools } from "../server/parts.ts";
import { holdAll, releaseAll } from "../server/purchase/hold-all.ts";
import type { Purchase, PurchaseResult } from "../server/purchase/purchase.ts";
import { lockKey } from "../server/redis/keys.ts";
import { sellUnguarded } from "./unguarded-sale.ts";

/** Whoever was granted the lock writes, whether the lease still runs or not. */
export class OnceGrantedAlwaysMine implements Purchase {
  readonly #tools: SellingTools;

  constructor(tools: SellingTools) {
    this.#tools = tools;
  }

  async buy(order: Order, arrivedAtNs: bigint): Promise<PurchaseResult> {
    const { lock, stock, config, background } = this.#tools;
    const products = order.lines.map(({ product }) => product);
    const holds = await holdAll(products.map(lockKey), performance.now() + config.lockWaitMs, this.#tools);
    if (holds === null) return { outcome: "busy", grantedAtNs: null, error: "no lock in time" };
    try {
      const units = await stock.read(products);
      return await sellUnguarded({ order, arrivedAtNs, holds, units }, this.#tools);
    } finally {
      releaseAll(lock, holds, background);
    }
  }
}
