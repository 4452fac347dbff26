import type { Order } from "../server/order/order.ts";
import { type SellingTools, soundParts } from "../server/parts.ts";
import type { Purchase, PurchaseResult } from "../server/purchase/purchase.ts";
import { stockKey } from "../server/redis/keys.ts";
import { script } from "../server/redis/script.ts";
import type { Control } from "./control.ts";

/** Whatever is not sold is rolled back on all nodes, also where nothing had been taken because nothing was left. */
export const rollbackEverywhere: Control = {
  base: soundParts,
  broken: { purchase: (tools) => new EagerRollback(tools) },
};

const ADD = script("return redis.call('INCRBY', KEYS[1], ARGV[1])");

class EagerRollback implements Purchase {
  readonly #tools: SellingTools;
  readonly #inner: Purchase;

  constructor(tools: SellingTools) {
    this.#tools = tools;
    this.#inner = soundParts.purchase(tools);
    tools.nodes.learn([ADD]);
  }

  async buy(order: Order, arrivedAtNs: bigint): Promise<PurchaseResult> {
    const result = await this.#inner.buy(order, arrivedAtNs);
    if (result.outcome === "sold_out") await this.#rollBack(order);
    return result;
  }

  async #rollBack({ lines }: Order): Promise<void> {
    const { nodes } = this.#tools;
    const added = lines.flatMap(({ product, quantity }) =>
      nodes.all.map((node) => node.runLate(ADD, [stockKey(product)], [quantity])),
    );
    await Promise.allSettled(added);
  }
}
