import { setTimeout as sleep } from "node:timers/promises";
import type { Hold } from "../server/locks/lock.ts";
import { type ShopParts, soundParts } from "../server/parts.ts";
import type { Stock, StockRepairs, TakeResult, Taking } from "../server/stock/stock.ts";

/**
 * A shop without a flaw whose units are taken this much later, in ms, as where
 * a card is charged first. Being slow is no flaw: it keeps the door open that a
 * flaw leaves ajar, so that buyers need no luck to get through it.
 */
export function slowParts(writeMs: number, stock: ShopParts["stock"] = soundParts.stock): ShopParts {
  return { ...soundParts, stock: (tools) => new SlowStock(stock(tools), writeMs) };
}

class SlowStock implements Stock, StockRepairs {
  readonly #inner: Stock & StockRepairs;
  readonly #writeMs: number;

  constructor(inner: Stock & StockRepairs, writeMs: number) {
    this.#inner = inner;
    this.#writeMs = writeMs;
  }

  async take(taking: Taking, holds: readonly Hold[]): Promise<TakeResult> {
    await sleep(this.#writeMs);
    return this.#inner.take(taking, holds);
  }

  read(products: readonly string[]): Promise<number[]> {
    return this.#inner.read(products);
  }

  confirm(taking: Taking): Promise<void> {
    return this.#inner.confirm(taking);
  }

  giveBack(taking: Taking): Promise<void> {
    return this.#inner.giveBack(taking);
  }

  raiseFence(product: string, fence: number): Promise<void> {
    return this.#inner.raiseFence(product, fence);
  }

  refill(product: string, units: number, fence: number): Promise<boolean> {
    return this.#inner.refill(product, units, fence);
  }

  forget(product: string): Promise<void> {
    return this.#inner.forget(product);
  }
}
