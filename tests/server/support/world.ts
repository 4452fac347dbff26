import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { execa } from "execa";
import { Redis } from "ioredis";
import type { BreakerConfig, LockName, ShopConfig } from "../../../src/server/config.ts";
import { type ShopParts, soundParts } from "../../../src/server/parts.ts";
import { type Shop, startShop } from "../../../src/server/shop.ts";
import { freePort } from "../../support/free-port.ts";
import { startRedis, type TestRedis } from "../../support/redis-server.ts";

const MAIN = new URL("../../../dist/server/main.js", import.meta.url).pathname;

interface Options {
  readonly lock?: LockName;
  readonly lockTtlMs?: number;
  readonly lockWaitMs?: number;
  readonly rehearsal?: number;
  readonly breaker?: BreakerConfig;
  readonly redisUrls?: ShopConfig["redisUrls"];
  readonly parts?: Partial<ShopParts>;
}

export interface ShopProcess {
  readonly url: string;
  readonly pid: number;
  kill(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGTERM"): void;
  /** Resolves with the exit code once the process is gone. */
  readonly gone: Promise<number | undefined>;
}

/** A Redis, a database file and any number of shops over them; `end` stops all of it. */
export interface World {
  /** The first node. */
  readonly redis: TestRedis;
  readonly nodes: readonly TestRedis[];
  readonly database: string;
  config(options?: Options): ShopConfig;
  shop(options?: Options): Promise<Shop>;
  /** A shop in a process of its own, which can be killed or frozen. */
  process(options?: Options): Promise<ShopProcess>;
  seed(stock: Readonly<Record<string, number>>): Promise<void>;
  sql<Row>(query: string, ...values: unknown[]): Row[];
  /** Changes the database behind the shop's back. */
  exec(statements: string): void;
  client(): Redis;
  /** Kills a node and starts it again on the same port, with nothing in it. */
  restart(node: number): Promise<void>;
  end(): Promise<void>;
}

/** @param others Redis nodes besides the first, which only a redlock uses */
export async function createWorld(others = 0): Promise<World> {
  const redis = await startRedis();
  const nodes = [redis, ...(await Promise.all(Array.from({ length: others }, () => startRedis())))];
  const folder = await mkdtemp(join(tmpdir(), "lockbench-server-"));
  const database = join(folder, "shop.db");
  const endings: (() => unknown)[] = [
    () => rm(folder, { recursive: true }),
    () => Promise.all(nodes.map((node) => node.stop())),
  ];
  const config = (options: Options = {}): ShopConfig => ({
    port: 0,
    host: "127.0.0.1",
    redisUrls: options.redisUrls ?? [redis.url, ...nodes.slice(1).map(({ url }) => url)],
    database,
    lock: options.lock ?? "fifo",
    lockTtlMs: options.lockTtlMs ?? 5000,
    lockWaitMs: options.lockWaitMs ?? 8000,
    rehearsal: options.rehearsal ?? 0,
    breaker: options.breaker ?? null,
  });
  return {
    redis,
    nodes,
    database,
    config,
    async shop(options = {}) {
      const shop = await startShop({ ...soundParts, ...options.parts }, config(options), () => undefined);
      endings.push(() => shop.stop());
      await shop.opened;
      return shop;
    },
    async process(options = {}) {
      const started = await startProcess(config(options));
      endings.push(async () => {
        started.kill("SIGKILL");
        await started.gone;
      });
      return started;
    },
    async seed(stock) {
      const rows = Object.entries(stock);
      for (const { client } of nodes) {
        await client.flushall();
        for (const [product, units] of rows) await client.set(`stock:${product}`, units);
      }
      const file = new Database(database);
      file.exec("DELETE FROM purchases; DELETE FROM products");
      for (const row of rows) file.prepare("INSERT INTO products (id, stock) VALUES (?, ?)").run(row);
      file.close();
    },
    sql<Row>(query: string, ...values: unknown[]): Row[] {
      const file = new Database(database, { readonly: true });
      try {
        return file.prepare<unknown[], Row>(query).all(...values);
      } finally {
        file.close();
      }
    },
    exec(statements) {
      const file = new Database(database);
      file.exec(statements);
      file.close();
    },
    client() {
      const client = new Redis(redis.url);
      endings.push(() => client.disconnect());
      return client;
    },
    async restart(node) {
      const old = nodes[node];
      if (old === undefined) throw new Error(`there is no node ${String(node)}`);
      await old.stop();
      nodes[node] = await startRedis(old.port);
    },
    async end() {
      for (const ending of endings.reverse()) await ending();
    },
  };
}

async function startProcess(config: ShopConfig): Promise<ShopProcess> {
  const port = await freePort();
  const child = execa("node", [MAIN], {
    env: {
      PORT: String(port),
      REDIS_URLS: config.redisUrls.join(","),
      DATABASE: config.database,
      LOCK: config.lock,
      LOCK_TTL_MS: String(config.lockTtlMs),
      LOCK_WAIT_MS: String(config.lockWaitMs),
    },
    reject: false,
  });
  const url = `http://127.0.0.1:${String(port)}`;
  await until(`${url} is healthy`, async () => (await fetch(`${url}/health`).catch(() => undefined))?.status === 200);
  return {
    url,
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    gone: child.then((result) => result.exitCode),
  };
}

/** Waits for a condition; fails with what was awaited after ten seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited 10 s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
