import type { LedgerRepairs } from "../ledger/ledger.ts";
import type { Log } from "../log.ts";
import { channelOf, instanceOf } from "../redis/instance.ts";
import { pendingKey, stockKey } from "../redis/keys.ts";
import type { RedisClient } from "../redis/redis-client.ts";
import type { Stock, StockRepairs } from "../stock/stock.ts";
import { Unavailable } from "../unavailable.ts";

export interface RepairTools {
  readonly client: RedisClient;
  readonly stock: Stock & StockRepairs;
  readonly ledger: LedgerRepairs;
  readonly log: Log;
}

/**
 * Puts Redis and the ledger in step again after a crash. Other replicas may go
 * on selling: whatever is decided here about a sale is first made binding in
 * the ledger, so that its seller, should it live after all, cannot write it.
 * @throws Unavailable
 */
export async function repair(tools: RepairTools): Promise<void> {
  for (const product of tools.ledger.products()) {
    await refillMissing(product, tools);
    await settleDeadSales(product, tools);
  }
}

async function refillMissing(product: string, { client, stock, ledger, log }: RepairTools): Promise<void> {
  const { fence } = ledger.standing(product);
  if ((await client.get(stockKey(product))) !== null) return;
  const known = ledger.fenceOff(product, fence);
  if (known === undefined) throw new Unavailable(`${stockKey(product)} was missing, and another server is at it`);
  const refilled = await stock.refill(product, known.stock, known.fence);
  if (refilled) log(`repair: ${stockKey(product)} was missing, set to ${String(known.stock)} from the ledger`);
}

async function settleDeadSales(product: string, tools: RepairTools): Promise<void> {
  const dead = await ofDeadInstances(await tools.client.hkeys(pendingKey(product)), tools.client);
  if (dead.length === 0) return;
  const recorded = tools.ledger.voidUnlessRecorded(dead);
  for (const sale of dead) {
    const taking = { sale, key: null, lines: [{ product, quantity: 0 }] };
    await (recorded.has(sale) ? tools.stock.confirm(taking) : tools.stock.giveBack(taking));
  }
  const lost = String(dead.length - recorded.size);
  tools.log(`repair: ${pendingKey(product)}: ${lost} given back, ${String(recorded.size)} confirmed`);
}

async function ofDeadInstances(sales: readonly string[], client: RedisClient): Promise<string[]> {
  const instances = [...new Set(sales.map(instanceOf))];
  const listeners = await client.listeners(instances.map(channelOf));
  const dead = new Set(instances.filter((_, place) => listeners[place] === 0));
  return sales.filter((sale) => dead.has(instanceOf(sale)));
}
