import type { LedgerRepairs } from "../ledger/ledger.ts";
import type { Hold } from "../locks/lock.ts";
import { newest, peek } from "../quorum/peek.ts";
import { type QuorumWriter, writtenBy, type WriteLine } from "../quorum/quorum-writer.ts";
import type { RepairsDue } from "../quorum/repairs-due.ts";
import { quorumKeys } from "../redis/keys.ts";
import type { RedisNodes } from "../redis/redis-nodes.ts";
import { Unavailable } from "../unavailable.ts";
import type { Stock, StockRepairs, TakeResult, Taking } from "./stock.ts";

export interface QuorumStockTools {
  readonly nodes: RedisNodes;
  readonly writer: QuorumWriter;
  readonly ledger: Pick<LedgerRepairs, "voidUnlessRecorded">;
  readonly due: RepairsDue;
  /** The lease of a lock, in ms. */
  readonly leaseMs: number;
}

/**
 * The stock on several nodes. What a sale takes under the lock it takes from the
 * ledger; the nodes are told afterwards, ahead of the release. Whoever comes next
 * asks the ledger what the nodes may have missed.
 */
export class QuorumStock implements Stock, StockRepairs {
  readonly #tools: QuorumStockTools;
  /** By sale: what the nodes are told once it is in the ledger. */
  readonly #open = new Map<string, OpenSale>();

  constructor(tools: QuorumStockTools) {
    this.#tools = tools;
  }

  /**
   * What the newest write says. A lock that looks at the stock has asked the
   * ledger besides; only a shop whose lock does not has to ask here.
   */
  async read(products: readonly string[]): Promise<number[]> {
    const seen = await Promise.all(products.map((product) => peek(this.#tools.nodes, product)));
    return seen.map((nodes, place) => {
      const known = newest(nodes);
      if (known === undefined) throw new Unavailable(`redis: no majority knows the stock of ${products[place] ?? ""}`);
      return known.units;
    });
  }

  take(taking: Taking, holds: readonly Hold[]): Promise<TakeResult> {
    const lines = taking.lines.map((line, place) => lineOf(taking.sale, line, holds[place]));
    const sure = lines.filter((line) => line !== undefined);
    const leaseLeftMs = Math.min(...holds.map(({ expiresAtMs }) => expiresAtMs)) - performance.now();
    if (sure.length < lines.length || leaseLeftMs <= 0) return Promise.resolve({ kind: "not_owner" });
    this.#open.set(taking.sale, { holds, lines: sure });
    return Promise.resolve({
      kind: "taken",
      left: sure.map(({ units }) => units),
      fences: sure.map(({ record }) => record.version),
      leaseLeftMs,
    });
  }

  /** Resolves when a quorum has been told, or cannot be; nobody need wait for that. */
  async confirm({ sale }: Taking): Promise<void> {
    const open = this.#open.get(sale);
    if (open === undefined) return;
    this.#open.delete(sale);
    leaveTo(open);
    await this.#write(open);
  }

  /** The nodes were told nothing. From now on the ledger refuses the sale, unless it has it although it could not say so. */
  giveBack({ sale, lines }: Taking): Promise<void> {
    this.#open.delete(sale);
    const recorded = this.#tools.ledger.voidUnlessRecorded([sale]);
    if (recorded.has(sale)) for (const { product } of lines) this.#tools.due.add(product);
    return Promise.resolve();
  }

  /** A majority knows less than the ledger. */
  raiseFence(product: string): Promise<void> {
    this.#tools.due.add(product);
    return Promise.resolve();
  }

  async refill(product: string, units: number, fence: number): Promise<boolean> {
    const record = { version: fence, basis: fence, sale: null, quantity: 0 };
    const lines = [{ product, units, record, records: [] }];
    const poll = await this.#tools.writer.write({ token: "", lines, quarantineMs: 0 });
    await poll.complete;
    return poll.good >= this.#tools.nodes.quorum;
  }

  async forget(product: string): Promise<void> {
    await this.#tools.nodes.remove(quorumKeys(product));
  }

  async #write({ holds, lines }: OpenSale): Promise<void> {
    const { writer, leaseMs, nodes, due } = this.#tools;
    const poll = await writer.write({ token: holds[0]?.token ?? "", lines, quarantineMs: leaseMs });
    void poll.complete.then(() => {
      // A node that could have written and has not knows less than the others; one that is away is repaired when it is back.
      if (!writtenBy(poll, nodes)) for (const { product } of lines) due.add(product);
    });
  }
}

interface OpenSale {
  readonly holds: readonly Hold[];
  readonly lines: readonly WriteLine[];
}

/** Tells the lock of a single product what holds now, for whoever goes on under it. */
function leaveTo({ holds: [hold], lines: [line, ...more] }: OpenSale): void {
  if (line === undefined || more.length > 0) return;
  const { units, record } = line;
  // No node's record has been seen, nor need be: none is newer than a sale that the ledger has.
  hold?.reading?.goesOn?.({ units, basis: record.version, fencingToken: record.version + 1, records: [] });
}

function lineOf(sale: string, line: Taking["lines"][number], hold: Hold | undefined): WriteLine | undefined {
  const { reading } = hold ?? {};
  if (reading === undefined) return undefined;
  const { product, quantity } = line;
  const { units, basis, fencingToken, records } = reading;
  return { product, units: units - quantity, record: { version: fencingToken, basis, sale, quantity }, records };
}
