import type { Hold } from "../server/locks/lock.ts";
import type { Order } from "../server/order/order.ts";
import { type SellingTools, soundParts } from "../server/parts.ts";
import { commit, lastGrant } from "../server/purchase/commit.ts";
import { holdAll, releaseAll } from "../server/purchase/hold-all.ts";
import type { Purchase, PurchaseResult } from "../server/purchase/purchase.ts";
import { lockKey } from "../server/redis/keys.ts";
import type { Taken } from "../server/stock/stock.ts";
import type { Control } from "./control.ts";

/** The lines of a basket are taken one after the other; when one is short, those before it are not put back. */
export const halfBasket: Control = {
  base: soundParts,
  broken: { purchase: (tools) => new LineByLine(tools) },
};

class LineByLine implements Purchase {
  readonly #tools: SellingTools;

  constructor(tools: SellingTools) {
    this.#tools = tools;
  }

  async buy(order: Order, arrivedAtNs: bigint): Promise<PurchaseResult> {
    const { lock, config, background } = this.#tools;
    const names = order.lines.map(({ product }) => lockKey(product));
    const holds = await holdAll(names, performance.now() + config.lockWaitMs, this.#tools);
    if (holds === null) return { outcome: "busy", grantedAtNs: null, error: "no lock in time" };
    try {
      return await this.#sell(order, holds, arrivedAtNs);
    } finally {
      releaseAll(lock, holds, background);
    }
  }

  async #sell(order: Order, holds: readonly Hold[], arrivedAtNs: bigint): Promise<PurchaseResult> {
    const { instance, stock } = this.#tools;
    const taking = { sale: instance.nextSale(), key: order.key, lines: order.lines };
    const grantedAtNs = lastGrant(holds);
    const all: Taken[] = [];
    for (const [place, line] of order.lines.entries()) {
      const [units = 0] = await stock.read([line.product]);
      if (units < line.quantity) return { outcome: "sold_out", grantedAtNs };
      const taken = await stock.take({ ...taking, lines: [line] }, holds.slice(place, place + 1));
      if (taken.kind !== "taken") return { outcome: "busy", grantedAtNs, error: "the lock was lost" };
      all.push(taken);
    }
    const remaining = all.flatMap(({ left }) => left);
    const taken: Taken = {
      kind: "taken",
      left: remaining,
      fences: all.flatMap(({ fences }) => fences),
      leaseLeftMs: 0,
    };
    return commit({ order, taking, taken, remaining, holds, arrivedAtNs, leaseEndsMs: Infinity }, this.#tools);
  }
}
