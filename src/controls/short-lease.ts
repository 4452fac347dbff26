import type { Order } from "../server/order/order.ts";
import type { SellingTools } from "../server/parts.ts";
import { holdAll, releaseAll } from "../server/purchase/hold-all.ts";
import type { Purchase, PurchaseResult } from "../server/purchase/purchase.ts";
import { lockKey } from "../server/redis/keys.ts";
import type { Control } from "./control.ts";
import { slowParts } from "./slow-write.ts";
import { sellUnguarded } from "./unguarded-sale.ts";

/** Whoever was granted the lock writes, whether the lease still runs or not. The scenario's lease is a tenth of the work. */
export const shortLease: Control = {
  base: slowParts(100),
  broken: { purchase: (tools) => new OnceGrantedAlwaysMine(tools) },
};

class OnceGrantedAlwaysMine implements Purchase {
  readonly #tools: SellingTools;

  constructor(tools: SellingTools) {
    this.#tools = tools;
  }

  async buy(order: Order, arrivedAtNs: bigint): Promise<PurchaseResult> {
    const { lock, stock, config, background } = this.#tools;
    const products = order.lines.map(({ product }) => product);
    const holds = await holdAll(lock, products.map(lockKey), performance.now() + config.lockWaitMs, background);
    if (holds === null) return { outcome: "busy", grantedAtNs: null, error: "no lock in time" };
    try {
      const units = await stock.read(products);
      return await sellUnguarded({ order, arrivedAtNs, holds, units }, this.#tools);
    } finally {
      releaseAll(lock, holds, background);
    }
  }
}
