import type { Hold, Lock } from "../locks/lock.ts";
import type { Order } from "../order/order.ts";
import type { Instance } from "../redis/instance.ts";
import { lockKey } from "../redis/keys.ts";
import type { TakeResult, Taking } from "../stock/stock.ts";
import { commit, type CommitTools, lastGrant } from "./commit.ts";
import { holdAll, releaseAll } from "./hold-all.ts";
import type { Purchase, PurchaseResult } from "./purchase.ts";

export interface LockedTools extends CommitTools {
  readonly lock: Lock;
  readonly instance: Instance;
  /** How long a buyer may wait for the locks, in ms. */
  readonly lockWaitMs: number;
}

/**
 * Reads the stock and then lowers it, in two steps, as most shops do: only the
 * lock keeps another buyer from coming in between.
 */
export class LockedPurchase implements Purchase {
  readonly #tools: LockedTools;

  constructor(tools: LockedTools) {
    this.#tools = tools;
  }

  async buy(order: Order, arrivedAtNs: bigint): Promise<PurchaseResult> {
    const { lock, lockWaitMs, background } = this.#tools;
    const names = order.lines.map(({ product }) => lockKey(product));
    const holds = await holdAll(names, performance.now() + lockWaitMs, this.#tools);
    if (holds === null) {
      return { outcome: "busy", grantedAtNs: null, error: `no lock within ${String(lockWaitMs)} ms` };
    }
    try {
      return await this.#sell(order, holds, arrivedAtNs);
    } finally {
      releaseAll(lock, holds, background);
    }
  }

  async #sell(order: Order, holds: readonly Hold[], arrivedAtNs: bigint): Promise<PurchaseResult> {
    const units = await this.#read(order, holds);
    const remaining = order.lines.map(({ quantity }, place) => (units[place] ?? 0) - quantity);
    const grantedAtNs = lastGrant(holds);
    if (remaining.some((left) => left < 0)) return { outcome: "sold_out", grantedAtNs };

    const taking = { sale: this.#tools.instance.nextSale(), key: order.key, lines: order.lines };
    // The lease that Redis reports began to shrink after this moment, never before it.
    const askedAtMs = performance.now();
    const taken = await this.#take(taking, holds);
    if (taken.kind === "unreadable") return { outcome: "unavailable", error: taken.error };
    if (taken.kind !== "taken") return { outcome: "busy", grantedAtNs, error: "the lock was lost before the purchase" };
    const leaseEndsMs = askedAtMs + taken.leaseLeftMs;
    return commit({ order, taking, taken, remaining, holds, arrivedAtNs, leaseEndsMs }, this.#tools);
  }

  /** What is left of each line's product. A lock that looks while it is granted saves the shop its own look. */
  async #read(order: Order, holds: readonly Hold[]): Promise<readonly number[]> {
    const seen = holds.map(({ guarded }) => guarded).filter((units) => units !== undefined);
    return seen.length === order.lines.length
      ? seen
      : this.#tools.stock.read(order.lines.map(({ product }) => product));
  }

  async #take(taking: Taking, holds: readonly Hold[]): Promise<TakeResult> {
    try {
      return await this.#tools.stock.take(taking, holds);
    } catch (error) {
      // The answer is lost, the units may be gone all the same.
      this.#tools.background.run("stock: giving back", this.#tools.returns.giveBackIfTaken(taking));
      throw error;
    }
  }
}
