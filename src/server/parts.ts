import type { Background } from "./background.ts";
import type { Breaker } from "./breaker/breaker.ts";
import { BreakerLock } from "./breaker/breaker-lock.ts";
import { isRedlock, type ShopConfig } from "./config.ts";
import { type AnswerSender, sendAnswer } from "./http/answer.ts";
import type { Ledger, ShopLedger } from "./ledger/ledger.ts";
import { SqliteLedger } from "./ledger/sqlite-ledger.ts";
import { FifoLock } from "./locks/fifo-lock.ts";
import { HeritableRedlock } from "./locks/heritable-redlock.ts";
import { LibraryLock } from "./locks/library-lock.ts";
import type { LocalQueue } from "./locks/local-queue.ts";
import type { Lock } from "./locks/lock.ts";
import { NoLock } from "./locks/no-lock.ts";
import { QueuedLock } from "./locks/queued-lock.ts";
import { Redlock, type RedlockTools } from "./locks/redlock.ts";
import { SpinLock } from "./locks/spin-lock.ts";
import type { Log } from "./log.ts";
import { AtomicPurchase } from "./purchase/atomic-purchase.ts";
import { LockedPurchase } from "./purchase/locked-purchase.ts";
import type { Purchase } from "./purchase/purchase.ts";
import { QuorumWriter } from "./quorum/quorum-writer.ts";
import { Readings } from "./quorum/readings.ts";
import type { RepairsDue } from "./quorum/repairs-due.ts";
import { Settler } from "./quorum/settler.ts";
import type { Instance } from "./redis/instance.ts";
import { guardedKey } from "./redis/keys.ts";
import type { RedisClient } from "./redis/redis-client.ts";
import type { RedisNodes } from "./redis/redis-nodes.ts";
import { QuorumStock } from "./stock/quorum-stock.ts";
import { RedisStock } from "./stock/redis-stock.ts";
import type { Returns } from "./stock/returns.ts";
import type { Stock, StockRepairs } from "./stock/stock.ts";

/** What every part may use. */
export interface ShopTools {
  readonly config: ShopConfig;
  /** All nodes of a redlock, otherwise the one node that there is. */
  readonly nodes: RedisNodes;
  /** The first node. */
  readonly client: RedisClient;
  readonly instance: Instance;
  readonly background: Background;
  /** Of the buyers, and the repairs, that wait for a redlock in this process. */
  readonly queue: LocalQueue;
  /** What is to be repaired on several nodes. */
  readonly due: RepairsDue;
  readonly log: Log;
}

/** What locks and stock of several nodes may use besides: the ledger decides what became of an unfinished sale. */
export interface GuardTools extends ShopTools {
  readonly ledger: ShopLedger;
}

/** What a way of selling may use besides. */
export interface SellingTools extends ShopTools {
  readonly lock: Lock;
  readonly stock: Stock;
  readonly ledger: Ledger;
  readonly returns: Returns;
}

/** The parts of a shop, each of which can be replaced by itself. */
export interface ShopParts {
  readonly lock: (tools: GuardTools) => Lock;
  /** What the circuit breaker does for a lock, where there is one. */
  readonly guard: (lock: Lock, breaker: Breaker, tools: ShopTools) => Lock;
  readonly stock: (tools: GuardTools) => Stock & StockRepairs;
  /** @throws SqliteError when the database cannot be opened */
  readonly ledger: (tools: ShopTools) => ShopLedger;
  /** How one order is sold; the shop itself sees to it that a key is sold once. */
  readonly purchase: (tools: SellingTools) => Purchase;
  readonly send: AnswerSender;
}

/** A shop without a known flaw. */
export const soundParts: ShopParts = {
  lock: lockFor,
  guard: (lock, breaker, { background }) => new BreakerLock(lock, breaker, background),
  stock: stockFor,
  ledger: ({ config }) => new SqliteLedger(config.database),
  purchase: purchaseFor,
  send: sendAnswer,
};

function lockFor(guard: GuardTools): Lock {
  const { config, client, instance, background } = guard;
  const tools = { client, instance, background, leaseMs: config.lockTtlMs };
  switch (config.lock) {
    case "fifo":
      return new FifoLock({ ...tools, guards: guardedKey });
    case "spin":
      return new SpinLock(tools);
    case "lua":
    case "none":
      return new NoLock();
    case "redlock-library":
      return new QueuedLock(new LibraryLock(redlockTools(guard)), guard.queue);
    case "redlock-manual":
      return new QueuedLock(new HeritableRedlock(redlockTools(guard)), guard.queue);
  }
}

/** A lock of all nodes that brings along what they know of the stock. */
export function redlockOf(guard: GuardTools): Redlock {
  return new Redlock(redlockTools(guard));
}

export function redlockTools({ config, nodes, ledger, due, background }: GuardTools): RedlockTools {
  const readings = new Readings({ nodes, settler: new Settler(ledger), due });
  return { nodes, readings, background, leaseMs: config.lockTtlMs };
}

function stockFor({ config, nodes, client, ledger, due }: GuardTools): Stock & StockRepairs {
  if (!isRedlock(config.lock)) return new RedisStock(client);
  return new QuorumStock({ nodes, writer: new QuorumWriter(nodes), ledger, due, leaseMs: config.lockTtlMs });
}

function purchaseFor(tools: SellingTools): Purchase {
  const { lockWaitMs } = tools.config;
  if (tools.config.lock === "lua") {
    return new AtomicPurchase({ ...tools, atomic: new RedisStock(tools.client), waitMs: lockWaitMs });
  }
  return new LockedPurchase({ ...tools, lockWaitMs });
}
