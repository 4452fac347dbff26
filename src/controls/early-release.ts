import type { Hold } from "../server/locks/lock.ts";
import type { Order } from "../server/order/order.ts";
import type { SellingTools } from "../server/parts.ts";
import { holdAll, releaseAll } from "../server/purchase/hold-all.ts";
import type { Purchase, PurchaseResult } from "../server/purchase/purchase.ts";
import { lockKey } from "../server/redis/keys.ts";
import type { Control } from "./control.ts";
import { slowParts } from "./slow-write.ts";
import { sellUnguarded } from "./unguarded-sale.ts";

/** The lock is released between reading the stock and writing the sale. */
export const earlyRelease: Control = {
  base: slowParts(80),
  broken: { purchase: (tools) => new EarlyRelease(tools) },
};

class EarlyRelease implements Purchase {
  readonly #tools: SellingTools;

  constructor(tools: SellingTools) {
    this.#tools = tools;
  }

  async buy(order: Order, arrivedAtNs: bigint): Promise<PurchaseResult> {
    const { config } = this.#tools;
    const names = order.lines.map(({ product }) => lockKey(product));
    const holds = await holdAll(names, performance.now() + config.lockWaitMs, this.#tools);
    if (holds === null) return { outcome: "busy", grantedAtNs: null, error: "no lock in time" };
    const units = await this.#look(order, holds);
    return sellUnguarded({ order, arrivedAtNs, holds, units }, this.#tools);
  }

  async #look(order: Order, holds: readonly Hold[]): Promise<readonly number[]> {
    try {
      return await this.#tools.stock.read(order.lines.map(({ product }) => product));
    } finally {
      releaseAll(this.#tools.lock, holds, this.#tools.background);
    }
  }
}
