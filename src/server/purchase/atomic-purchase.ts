import { setTimeout as sleep } from "node:timers/promises";
import type { Order } from "../order/order.ts";
import type { Instance } from "../redis/instance.ts";
import type { AtomicStock, TakeResult, Taking } from "../stock/stock.ts";
import { commit, type CommitTools } from "./commit.ts";
import type { Purchase, PurchaseResult } from "./purchase.ts";

const LOOK_AGAIN_MS = 5;

export interface AtomicTools extends CommitTools {
  readonly instance: Instance;
  readonly atomic: AtomicStock;
  /** How long to wait for a sale under the same key to come to an end, in ms. */
  readonly waitMs: number;
}

/** Checks and lowers the stock in one step of Redis: no lock is needed. */
export class AtomicPurchase implements Purchase {
  readonly #tools: AtomicTools;

  constructor(tools: AtomicTools) {
    this.#tools = tools;
  }

  async buy(order: Order, arrivedAtNs: bigint): Promise<PurchaseResult> {
    const taking = { sale: this.#tools.instance.nextSale(), key: order.key, lines: order.lines };
    const taken = await this.#take(taking);
    switch (taken.kind) {
      case "taken":
        return commit(
          { order, taking, taken, remaining: taken.left, holds: [], arrivedAtNs, leaseEndsMs: Infinity },
          this.#tools,
        );
      case "short":
        if (order.key === null || !taken.keysInFlight.includes(order.key)) {
          return { outcome: "sold_out", grantedAtNs: null };
        }
        return { outcome: "busy", grantedAtNs: null, error: "another purchase under this key is not finished" };
      case "unreadable":
        return { outcome: "unavailable", error: taken.error };
      case "not_owner":
        return { outcome: "busy", grantedAtNs: null, error: "the stock is locked" };
    }
  }

  /** Waits while the units that are missing may be those of the same order, sent twice to two replicas. */
  async #take(taking: Taking): Promise<TakeResult> {
    const deadlineMs = performance.now() + this.#tools.waitMs;
    for (;;) {
      const taken = await this.#try(taking);
      const ours = taken.kind === "short" && taking.key !== null && taken.keysInFlight.includes(taking.key);
      if (!ours || performance.now() >= deadlineMs) return taken;
      await sleep(LOOK_AGAIN_MS);
    }
  }

  async #try(taking: Taking): Promise<TakeResult> {
    try {
      return await this.#tools.atomic.takeIfEnough(taking);
    } catch (error) {
      // The answer is lost, the units may be gone all the same.
      this.#tools.background.run("stock: giving back", this.#tools.returns.giveBackIfTaken(taking));
      throw error;
    }
  }
}
