import { setTimeout as sleep } from "node:timers/promises";
import { soundParts, type ShopParts, type ShopTools } from "../server/parts.ts";
import { RedisStock } from "../server/stock/redis-stock.ts";
import type { Hold } from "../server/locks/lock.ts";
import type { Taking, TakeResult } from "../server/stock/stock.ts";

/**
 * A shop without a flaw whose units are taken this much later, in ms, as where
 * a card is charged first. Being slow is no flaw: it keeps the door open that a
 * flaw leaves ajar, so that buyers need no luck to get through it.
 */
export function slowParts(writeMs: number): ShopParts {
  return { ...soundParts, stock: (tools) => new SlowStock(tools, writeMs) };
}

class SlowStock extends RedisStock {
  readonly #writeMs: number;

  constructor({ client }: ShopTools, writeMs: number) {
    super(client);
    this.#writeMs = writeMs;
  }

  override async take(taking: Taking, holds: readonly Hold[]): Promise<TakeResult> {
    await sleep(this.#writeMs);
    return super.take(taking, holds);
  }
}
