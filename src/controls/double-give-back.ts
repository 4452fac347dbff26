import { soundParts, type ShopTools } from "../server/parts.ts";
import { stockKey } from "../server/redis/keys.ts";
import type { RedisClient } from "../server/redis/redis-client.ts";
import { script } from "../server/redis/script.ts";
import { RedisStock } from "../server/stock/redis-stock.ts";
import type { Taking } from "../server/stock/stock.ts";
import type { Control } from "./control.ts";

/** Two places give back what a failed purchase took, and the second does not look whether it is done. */
export const doubleGiveBack: Control = {
  base: soundParts,
  broken: { stock: (tools) => new GenerousStock(tools) },
};

const ADD = script("return redis.call('INCRBY', KEYS[1], ARGV[1])");

class GenerousStock extends RedisStock {
  readonly #client: RedisClient;

  constructor({ client }: ShopTools) {
    super(client);
    this.#client = client;
  }

  override async giveBack(taking: Taking): Promise<void> {
    await super.giveBack(taking);
    for (const { product, quantity } of taking.lines) await this.#client.run(ADD, [stockKey(product)], [quantity]);
  }
}
