import type { Background } from "./background.ts";
import type { ShopConfig } from "./config.ts";
import { type AnswerSender, sendAnswer } from "./http/answer.ts";
import type { Ledger, ShopLedger } from "./ledger/ledger.ts";
import { SqliteLedger } from "./ledger/sqlite-ledger.ts";
import { FifoLock } from "./locks/fifo-lock.ts";
import type { Lock } from "./locks/lock.ts";
import { NoLock } from "./locks/no-lock.ts";
import { SpinLock } from "./locks/spin-lock.ts";
import type { Log } from "./log.ts";
import { AtomicPurchase } from "./purchase/atomic-purchase.ts";
import { LockedPurchase } from "./purchase/locked-purchase.ts";
import type { Purchase } from "./purchase/purchase.ts";
import type { Instance } from "./redis/instance.ts";
import { guardedKey } from "./redis/keys.ts";
import type { RedisClient } from "./redis/redis-client.ts";
import { RedisStock } from "./stock/redis-stock.ts";
import type { Returns } from "./stock/returns.ts";
import type { Stock, StockRepairs } from "./stock/stock.ts";

/** What every part may use. */
export interface ShopTools {
  readonly config: ShopConfig;
  readonly client: RedisClient;
  readonly instance: Instance;
  readonly background: Background;
  readonly log: Log;
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
  readonly lock: (tools: ShopTools) => Lock;
  readonly stock: (tools: ShopTools) => Stock & StockRepairs;
  /** @throws SqliteError when the database cannot be opened */
  readonly ledger: (tools: ShopTools) => ShopLedger;
  /** How one order is sold; the shop itself sees to it that a key is sold once. */
  readonly purchase: (tools: SellingTools) => Purchase;
  readonly send: AnswerSender;
}

/** A shop without a known flaw. */
export const soundParts: ShopParts = {
  lock: lockFor,
  stock: ({ client }) => new RedisStock(client),
  ledger: ({ config }) => new SqliteLedger(config.database),
  purchase: purchaseFor,
  send: sendAnswer,
};

function lockFor({ config, client, instance, background }: ShopTools): Lock {
  const tools = { client, instance, background, leaseMs: config.lockTtlMs };
  switch (config.lock) {
    case "fifo":
      return new FifoLock({ ...tools, guards: guardedKey });
    case "spin":
      return new SpinLock(tools);
    case "lua":
    case "none":
      return new NoLock();
  }
}

function purchaseFor(tools: SellingTools): Purchase {
  const { lockWaitMs } = tools.config;
  if (tools.config.lock === "lua") return new AtomicPurchase({ ...tools, waitMs: lockWaitMs });
  return new LockedPurchase({ ...tools, lockWaitMs });
}
