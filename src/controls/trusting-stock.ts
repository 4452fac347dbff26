import type { Hold } from "../server/locks/lock.ts";
import type { ShopParts } from "../server/parts.ts";
import { type QuorumWrite, QuorumWriter } from "../server/quorum/quorum-writer.ts";
import { formatRecord } from "../server/quorum/stock-record.ts";
import { quorumKeys } from "../server/redis/keys.ts";
import type { Poll } from "../server/redis/poll.ts";
import type { RedisNodes } from "../server/redis/redis-nodes.ts";
import { script } from "../server/redis/script.ts";
import { QuorumStock, type QuorumStockTools } from "../server/stock/quorum-stock.ts";
import type { TakeResult, Taking } from "../server/stock/stock.ts";

/**
 * The stock of most shops: it relies on its lock, and is lowered before the sale
 * is in the database. It looks at the clock before it writes, and leaves it when
 * less than a quarter of the lease is left, but no node compares tokens or
 * versions, so that whatever is wrong with the lock is felt.
 */
export const trustingStock: ShopParts["stock"] = ({ nodes, ledger, due, config }) =>
  new TrustingStock({ nodes, writer: new PlainWriter(nodes), ledger, due, leaseMs: config.lockTtlMs });

class TrustingStock extends QuorumStock {
  readonly #tools: QuorumStockTools;

  constructor(tools: QuorumStockTools) {
    super(tools);
    this.#tools = tools;
  }

  override async take(taking: Taking, holds: readonly Hold[]): Promise<TakeResult> {
    const marginMs = this.#tools.leaseMs / 4;
    const shorter = holds.map((hold) => ({ ...hold, expiresAtMs: hold.expiresAtMs - marginMs }));
    const taken = await super.take(taking, shorter);
    if (taken.kind === "taken") await super.confirm(taking);
    return taken;
  }

  override async giveBack(taking: Taking): Promise<void> {
    await super.giveBack(taking);
    for (const { product } of taking.lines) this.#tools.due.add(product);
  }
}

/** KEYS for each line: stock, version. ARGV for each line: units, record. */
const PLAIN_WRITE = script(`
for key = 1, #KEYS do redis.call('SET', KEYS[key], ARGV[key]) end
return 'written'`);

class PlainWriter extends QuorumWriter {
  readonly #all: RedisNodes;

  constructor(nodes: RedisNodes) {
    super(nodes);
    this.#all = nodes;
    nodes.learn([PLAIN_WRITE]);
  }

  override write({ lines }: QuorumWrite): Promise<Poll> {
    const keys = lines.flatMap(({ product }) => quorumKeys(product).slice(2, 4));
    const args = lines.flatMap(({ units, record }) => [units, formatRecord(record)]);
    const good = (reply: unknown): boolean => reply === "written";
    return this.#all.poll({ script: PLAIN_WRITE, keys, args, patient: true, good });
  }
}
