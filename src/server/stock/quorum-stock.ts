import type { LedgerRepairs } from "../ledger/ledger.ts";
import type { Hold } from "../locks/lock.ts";
import { newest, peek } from "../quorum/peek.ts";
import { type QuorumWriter, writtenBy, type WriteLine } from "../quorum/quorum-writer.ts";
import type { RepairsDue } from "../quorum/repairs-due.ts";
import { formatRecord } from "../quorum/stock-record.ts";
import { quorumKeys } from "../redis/keys.ts";
import type { Poll } from "../redis/poll.ts";
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
 * The stock on several nodes, written under the lock and settled by the ledger:
 * what a sale took stands in the record of its write, and who comes next finds
 * out from the ledger whether it came to anything.
 */
export class QuorumStock implements Stock, StockRepairs {
  readonly #tools: QuorumStockTools;
  /** By sale: what has been written and is not known to be in the ledger. */
  readonly #open = new Map<string, OpenWrite>();

  constructor(tools: QuorumStockTools) {
    this.#tools = tools;
  }

  /**
   * What the newest write says, whether its sale came to anything or not. A lock
   * that looks at the stock has settled that; only a shop whose lock does not has
   * to ask here.
   */
  async read(products: readonly string[]): Promise<number[]> {
    const seen = await Promise.all(products.map((product) => peek(this.#tools.nodes, product)));
    return seen.map((nodes, place) => {
      const known = newest(nodes);
      if (known === undefined) throw new Unavailable(`redis: no majority knows the stock of ${products[place] ?? ""}`);
      return known.units;
    });
  }

  async take(taking: Taking, holds: readonly Hold[]): Promise<TakeResult> {
    const lines = taking.lines.map((line, place) => lineOf(taking.sale, line, holds[place]));
    const sure = lines.filter((line) => line !== undefined);
    const token = holds[0]?.token ?? "";
    const askedAtMs = performance.now();
    const leaseLeftMs = Math.min(...holds.map(({ expiresAtMs }) => expiresAtMs)) - askedAtMs;
    // A write that may arrive after the next owner's grant is not sent at all.
    if (sure.length < lines.length || leaseLeftMs <= 0) return { kind: "not_owner" };
    const open: OpenWrite = { token, lines: sure, validUntilMs: askedAtMs + leaseLeftMs, goesOn: undefined };
    this.#open.set(taking.sale, open);
    const poll = await this.#write(token, sure);
    if (poll.good < this.#tools.nodes.quorum) return this.#rollBack(taking, poll);
    open.goesOn = (): void => leaveTo(holds, sure, poll);
    return {
      kind: "taken",
      left: sure.map(({ units }) => units),
      fences: sure.map(({ record }) => record.version),
      leaseLeftMs,
    };
  }

  /** The next owner asks the ledger, so there is nothing to tell the nodes; unless he is of this process, and need not ask. */
  confirm({ sale }: Taking): Promise<void> {
    this.#open.get(sale)?.goesOn?.();
    this.#open.delete(sale);
    return Promise.resolve();
  }

  /**
   * From now on the ledger refuses the sale. While the lock is ours its units are
   * put back at once; otherwise whoever holds it next adds them, at the latest the
   * repairer.
   */
  async giveBack({ sale, lines }: Taking): Promise<void> {
    const recorded = this.#tools.ledger.voidUnlessRecorded([sale]);
    const written = this.#open.get(sale);
    this.#open.delete(sale);
    if (recorded.has(sale)) return;
    if (written !== undefined && performance.now() < written.validUntilMs && (await this.#undo(written))) return;
    for (const { product } of lines) this.#tools.due.add(product);
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

  async #rollBack(taking: Taking, poll: Poll): Promise<TakeResult> {
    await this.giveBack(taking);
    if (poll.replies.includes("not_owner") || poll.replies.includes("stale")) return { kind: "not_owner" };
    return { kind: "unreadable", error: "redis: no majority of nodes took the purchase" };
  }

  /** @returns whether a majority has the units back */
  async #undo({ token, lines }: OpenWrite): Promise<boolean> {
    const poll = await this.#write(token, lines.map(undone));
    return poll.good >= this.#tools.nodes.quorum;
  }

  async #write(token: string, lines: readonly WriteLine[]): Promise<Poll> {
    const { writer, leaseMs, nodes, due } = this.#tools;
    const poll = await writer.write({ token, lines, quarantineMs: leaseMs });
    void poll.complete.then(() => {
      // A node that could have written and has not knows less than the others; one that is away is repaired when it is back.
      if (!writtenBy(poll, nodes)) for (const { product } of lines) due.add(product);
    });
    return poll;
  }
}

interface OpenWrite {
  readonly token: string;
  readonly lines: readonly WriteLine[];
  /** Monotonic clock, in ms. */
  readonly validUntilMs: number;
  /** Called when the sale is in the ledger; undefined before a quorum has written it. */
  goesOn: (() => void) | undefined;
}

/** Tells the lock of a single product what holds now, for whoever goes on under it. */
function leaveTo([hold]: readonly Hold[], [line, ...more]: readonly WriteLine[], poll: Poll): void {
  if (line === undefined || more.length > 0) return;
  const { units, record } = line;
  const written = formatRecord(record);
  const records = poll.replies.map((reply) => (reply === "written" ? written : undefined));
  hold?.reading?.goesOn?.({ units, basis: record.version, fencingToken: record.version + 1, records });
}

/** What stood there before, as a newer version. */
function undone({ product, units, record, records }: WriteLine): WriteLine {
  const before = { version: record.version + 1, basis: record.basis, sale: null, quantity: 0 };
  const written = formatRecord(record);
  return { product, units: units + record.quantity, record: before, records: records.map(() => written) };
}

function lineOf(sale: string, line: Taking["lines"][number], hold: Hold | undefined): WriteLine | undefined {
  const { reading } = hold ?? {};
  if (reading === undefined) return undefined;
  const { product, quantity } = line;
  const { units, basis, fencingToken, records } = reading;
  return { product, units: units - quantity, record: { version: fencingToken, basis, sale, quantity }, records };
}
