import type { Ledger, Sale } from "../ledger/ledger.ts";
import { KeyTaken } from "../ledger/refusals.ts";
import type { Order, OrderLine } from "../order/order.ts";
import type { Purchase, PurchaseResult } from "./purchase.ts";

const CONFLICT = { outcome: "conflict", error: "this key was used for a different order" } as const;

interface Running {
  readonly order: Order;
  readonly result: Promise<PurchaseResult>;
}

/**
 * The same key twice is one sale and the same answer. Within a process the
 * second request shares the first one's result; between processes, and over
 * time, the ledger decides, because it takes one sale for a key.
 */
export class OncePerKey implements Purchase {
  readonly #inner: Purchase;
  readonly #ledger: Ledger;
  readonly #running = new Map<string, Running>();

  constructor(inner: Purchase, ledger: Ledger) {
    this.#inner = inner;
    this.#ledger = ledger;
  }

  async buy(order: Order, arrivedAtNs: bigint): Promise<PurchaseResult> {
    if (order.key === null) return this.#inner.buy(order, arrivedAtNs);
    const running = this.#running.get(order.key);
    if (running !== undefined) return sameOrder(running.order, order) ? running.result : CONFLICT;
    const result = this.#once(order, order.key, arrivedAtNs);
    this.#running.set(order.key, { order, result });
    try {
      return await result;
    } finally {
      this.#running.delete(order.key);
    }
  }

  async #once(order: Order, key: string, arrivedAtNs: bigint): Promise<PurchaseResult> {
    const known = this.#recorded(order, key);
    if (known !== undefined) return known;
    try {
      const result = await this.#inner.buy(order, arrivedAtNs);
      // The last unit may have gone to this very order, sent twice.
      return result.outcome === "sold_out" ? (this.#recorded(order, key) ?? result) : result;
    } catch (error) {
      const winner = error instanceof KeyTaken ? this.#recorded(order, key) : undefined;
      if (winner === undefined) throw error;
      return winner;
    }
  }

  #recorded(order: Order, key: string): PurchaseResult | undefined {
    const sale = this.#ledger.saleOfKey(key);
    if (sale === undefined) return undefined;
    return sameOrder(sale, order) ? { outcome: "sold", sale } : CONFLICT;
  }
}

function sameOrder(one: Order | Sale, other: Order): boolean {
  if (one.buyer !== other.buyer || one.lines.length !== other.lines.length) return false;
  return other.lines.every((line) => one.lines.some((candidate) => sameLine(candidate, line)));
}

function sameLine(one: OrderLine, other: OrderLine): boolean {
  return one.product === other.product && one.quantity === other.quantity;
}
