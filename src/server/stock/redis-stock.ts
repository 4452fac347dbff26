import type { Hold } from "../locks/lock.ts";
import { fenceKey, lockKey, pendingKey, stockKey } from "../redis/keys.ts";
import type { RedisClient } from "../redis/redis-client.ts";
import { Unavailable } from "../unavailable.ts";
import { GIVE_BACK, RAISE_FENCE, REFILL, STOCK_SCRIPTS, TAKE } from "./stock-scripts.ts";
import type { AtomicStock, Stock, StockRepairs, TakeResult, Taking } from "./stock.ts";

/** The stock in Redis. Every change of it is one script, together with the note that lets it be undone once. */
export class RedisStock implements Stock, AtomicStock, StockRepairs {
  readonly #client: RedisClient;

  constructor(client: RedisClient) {
    this.#client = client;
    client.learn(STOCK_SCRIPTS);
  }

  async read(products: readonly string[]): Promise<number[]> {
    const said = await this.#client.mget(products.map(stockKey));
    return products.map((product, place) => units(product, said[place] ?? null));
  }

  take(taking: Taking, holds: readonly Hold[]): Promise<TakeResult> {
    return this.#take(
      taking,
      "",
      holds.map((hold) => hold.token),
    );
  }

  takeIfEnough(taking: Taking): Promise<TakeResult> {
    return this.#take(
      taking,
      "enough",
      taking.lines.map(() => ""),
    );
  }

  async confirm(taking: Taking): Promise<void> {
    await Promise.all(taking.lines.map(({ product }) => this.#client.hdel(pendingKey(product), taking.sale)));
  }

  async giveBack(taking: Taking): Promise<void> {
    const keys = taking.lines.flatMap(({ product }) => [stockKey(product), pendingKey(product)]);
    await this.#client.run(GIVE_BACK, keys, [taking.sale]);
  }

  async raiseFence(product: string, fence: number): Promise<void> {
    await this.#client.run(RAISE_FENCE, [fenceKey(lockKey(product))], [fence]);
  }

  async refill(product: string, stock: number, fence: number): Promise<boolean> {
    const keys = [stockKey(product), pendingKey(product), fenceKey(lockKey(product))];
    return (await this.#client.run(REFILL, keys, [stock, fence])) === 1;
  }

  async forget(product: string): Promise<void> {
    await this.#client.remove([stockKey(product), pendingKey(product), fenceKey(lockKey(product))]);
  }

  async #take(taking: Taking, mode: "enough" | "", tokens: readonly string[]): Promise<TakeResult> {
    const keys: string[] = [];
    const args: (string | number)[] = [taking.sale, taking.key ?? "", mode];
    taking.lines.forEach(({ product, quantity }, place) => {
      const lock = lockKey(product);
      keys.push(stockKey(product), pendingKey(product), lock, fenceKey(lock));
      // A line without a hold must not pass for one without a lock: no token ever reads "?".
      args.push(quantity, tokens[place] ?? "?");
    });
    return takeResult(await this.#client.run(TAKE, keys, args));
  }
}

function units(product: string, said: string | null): number {
  if (said !== null && /^-?\d+$/.test(said)) return Number(said);
  throw new Unavailable(`redis: ${stockKey(product)}: expected a number of units, found ${said ?? "nothing"}`);
}

function takeResult(reply: unknown): TakeResult {
  if (!Array.isArray(reply)) throw new Unavailable("redis: the stock's script answered no list");
  const [kind, ...rest] = reply as readonly (string | number)[];
  switch (kind) {
    case "taken":
      return taken(rest.map(Number));
    case "short":
      return { kind, keysInFlight: rest.map(keyOfEntry).filter((key) => key !== "") };
    case "not_owner":
      return { kind };
    default:
      return { kind: "unreadable", error: String(rest[0]) };
  }
}

function taken([leaseLeftMs = -1, ...pairs]: readonly number[]): TakeResult {
  return {
    kind: "taken",
    leaseLeftMs: leaseLeftMs === -1 ? Infinity : leaseLeftMs,
    left: pairs.filter((_, place) => place % 2 === 0),
    fences: pairs.filter((_, place) => place % 2 === 1),
  };
}

/** A pending entry reads "quantity key". */
function keyOfEntry(entry: string | number): string {
  const text = String(entry);
  return text.slice(text.indexOf(" ") + 1);
}
