import { soundParts } from "../server/parts.ts";
import { RedisStock } from "../server/stock/redis-stock.ts";
import type { Control } from "./control.ts";

/** What a failed purchase took is not given back: the units are neither sold nor for sale. */
export const lostStock: Control = {
  base: soundParts,
  broken: { stock: ({ client }) => new ForgetfulStock(client) },
};

class ForgetfulStock extends RedisStock {
  override giveBack(): Promise<void> {
    return Promise.resolve();
  }
}
