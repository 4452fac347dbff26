import { setTimeout as sleep } from "node:timers/promises";
import type { Background } from "../background.ts";
import type { LedgerReadings, LedgerRepairs } from "../ledger/ledger.ts";
import type { LocalQueue } from "../locks/local-queue.ts";
import type { Hold, Lock } from "../locks/lock.ts";
import type { Log } from "../log.ts";
import type { Instance } from "../redis/instance.ts";
import { lockKey, stockKey } from "../redis/keys.ts";
import type { Poll } from "../redis/poll.ts";
import type { RedisNodes } from "../redis/redis-nodes.ts";
import { Unavailable } from "../unavailable.ts";
import { peekPatiently, peekQuickly, type Sight } from "./peek.ts";
import { type QuorumWriter, writtenBy } from "./quorum-writer.ts";
import type { RepairsDue } from "./repairs-due.ts";

export interface RepairerTools {
  readonly nodes: RedisNodes;
  readonly ledger: LedgerRepairs & Pick<LedgerReadings, "stockOf">;
  readonly writer: QuorumWriter;
  /** Of the nodes; it is asked for in turn with this process's buyers. */
  readonly lock: Lock;
  readonly queue: LocalQueue;
  readonly due: RepairsDue;
  readonly instance: Instance;
  readonly background: Background;
  /** The lease of a lock, in ms. */
  readonly leaseMs: number;
  /** How long to wait for a lock, in ms. */
  readonly lockWaitMs: number;
  readonly log: Log;
}

/**
 * Sees to it that all nodes know the same. A node that comes back empty, or
 * with less than the others, and a sale that came to nothing are put right
 * under the lock, from the ledger, as a buyer would write it.
 */
export class Repairer {
  readonly #tools: RepairerTools;
  #stopped = false;
  #starting = Promise.resolve();
  #working: Promise<void> | undefined;

  constructor(tools: RepairerTools) {
    this.#tools = tools;
  }

  /**
   * Repairs everything once, on a quorum at least, and from then on whatever is due.
   * @throws Unavailable
   */
  async atStart(): Promise<void> {
    this.#starting = this.#start();
    await this.#starting;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#tools.due.stop();
    await this.#tools.lock.close();
    await this.#starting.catch(() => undefined);
    await this.#working;
  }

  async #start(): Promise<void> {
    const { ledger, due, nodes } = this.#tools;
    for (const product of ledger.products()) {
      if (this.#stopped) return;
      await this.#see(product);
    }
    due.onDue(() => this.#wake());
    nodes.onAnswering(() => this.#wake());
    nodes.onBack(() => {
      due.hurry();
      this.#all();
    });
    // What came back while the start was repaired.
    this.#all();
  }

  #all(): void {
    try {
      for (const product of this.#tools.ledger.products()) this.#tools.due.add(product);
    } catch (error) {
      this.#tools.log(`repair: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  get #mayWork(): boolean {
    return !this.#stopped && this.#tools.nodes.answering >= this.#tools.nodes.quorum;
  }

  #wake(): void {
    if (!this.#mayWork || !this.#tools.due.any) return;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      this.#wake();
    });
  }

  /** Until nothing is due, or no quorum answers: a node that does so again wakes it up. */
  async #work(): Promise<void> {
    const { due, log } = this.#tools;
    // Let whoever noticed give up his lock first.
    await sleep(0);
    while (this.#mayWork) {
      const product = due.next();
      if (product === undefined) return;
      try {
        await this.#see(product);
      } catch (error) {
        log(`repair, will be tried again: ${error instanceof Error ? error.message : String(error)}`);
        due.failed(product);
      }
    }
  }

  /** Repairs a product on a quorum, and sees that it becomes due again where another node has refused. @throws Unavailable */
  async #see(product: string): Promise<void> {
    const { due, nodes, log } = this.#tools;
    const poll = await this.#repair(product);
    await poll?.complete;
    if (poll === undefined || writtenBy(poll, nodes)) {
      due.repaired(product);
      return;
    }
    log(`repair, will be tried again: a node refused what ${stockKey(product)} should be`);
    due.failed(product);
  }

  /** @returns what the nodes say to it, once a quorum has written; undefined when they agree @throws Unavailable */
  async #repair(product: string): Promise<Poll | undefined> {
    const { nodes, ledger } = this.#tools;
    const units = ledger.stockOf(product);
    if (units === undefined) return undefined;
    const { fence } = ledger.standing(product);
    const seen = await peekPatiently(nodes, product);
    if (this.#agree(seen, units)) return undefined;
    const there = seen.filter((one) => one !== undefined);
    if (there.length < nodes.quorum) throw new Unavailable(`redis: no quorum to repair ${stockKey(product)}`);
    const fewKnow = there.filter((one) => one !== null).length < nodes.quorum;
    const poll = await (fewKnow ? this.#refill(product, fence) : this.#underLock(product, seen));
    if (poll.good < nodes.quorum) throw new Unavailable(`redis: no quorum took what ${stockKey(product)} should be`);
    return poll;
  }

  #agree(seen: Sight, units: number): boolean {
    const there = seen.filter((one) => one !== undefined);
    const [first] = there;
    if (first?.units !== units) return false;
    return there.every((one) => one?.text === first.text && one.units === units);
  }

  /**
   * So many nodes have lost the stock that no lock can be granted. The ledger
   * shuts out every sale that is under way, and the nodes that were empty grant
   * no lock for a lease, because they may have forgotten one. One server only
   * does so: what a second one writes would be refused wherever somebody has the
   * lock by then.
   * @throws Unavailable when the fence has moved
   */
  async #refill(product: string, seenFence: number): Promise<Poll> {
    const { ledger, instance, log } = this.#tools;
    const fencedOff = ledger.fenceOff(product, seenFence);
    if (fencedOff === undefined) throw new Unavailable(`another server is at ${stockKey(product)}`);
    const { stock, fence } = fencedOff;
    log(`repair: ${stockKey(product)} was lost by most nodes, set to ${String(stock)} from the ledger`);
    return this.#write(instance.nextToken(), { product, units: stock, version: fence, basis: fence, seen: [] });
  }

  /** @param seen by slow nodes, too, for whom nobody waits under the lock */
  async #underLock(product: string, seen: Sight): Promise<Poll> {
    const { queue, lock, instance, lockWaitMs, leaseMs, background } = this.#tools;
    const name = lockKey(product);
    const deadlineMs = performance.now() + Math.max(lockWaitMs, 2 * leaseMs);
    const leave = await queue.enter(name, deadlineMs);
    try {
      const hold = leave === null ? null : await lock.acquire(name, deadlineMs, instance.nextToken());
      if (hold === null) throw new Unavailable(`no lock to repair ${stockKey(product)}`);
      try {
        return await this.#rewrite(product, hold, seen);
      } finally {
        background.run(`lock: releasing ${name}`, lock.release(hold));
      }
    } finally {
      leave?.();
    }
  }

  /** What the ledger says, now that no sale is left that it might still take from an earlier owner. */
  async #rewrite(product: string, hold: Hold, before: Sight): Promise<Poll> {
    const { nodes, ledger } = this.#tools;
    const now = await peekQuickly(nodes, product);
    const seen = now.map((one, place) => (one === undefined ? before[place] : one));
    const records = seen.map((one) => one?.record).filter((record) => record !== undefined);
    const notes = records.map(({ sale }) => sale).filter((sale) => sale !== null);
    ledger.voidUnlessRecorded([...new Set(notes)]);
    const { stock, fence } = ledger.standing(product);
    if (performance.now() >= hold.expiresAtMs) throw new Unavailable(`the lease ran out`);
    const known = records.map((record) => record.version);
    const version = Math.max(hold.fencingToken ?? 0, fence + 1, ...known.map((other) => other + 1));
    return this.#write(hold.token, { product, units: stock, version, basis: fence, seen });
  }

  /** @returns as soon as a quorum has written, or cannot */
  #write(token: string, { product, units, version, basis, seen }: Target): Promise<Poll> {
    const { writer, leaseMs } = this.#tools;
    const record = { version, basis, sale: null, quantity: 0 };
    const lines = [{ product, units, record, records: seen.map((one) => one?.text) }];
    return writer.write({ token, lines, quarantineMs: leaseMs });
  }
}

interface Target {
  readonly product: string;
  readonly units: number;
  readonly version: number;
  readonly basis: number;
  readonly seen: Sight;
}
