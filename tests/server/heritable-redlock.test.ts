import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Background } from "../../src/server/background.ts";
import { HeritableRedlock } from "../../src/server/locks/heritable-redlock.ts";
import { LocalQueue } from "../../src/server/locks/local-queue.ts";
import type { Hold } from "../../src/server/locks/lock.ts";
import { QueuedLock } from "../../src/server/locks/queued-lock.ts";
import { QuorumWriter } from "../../src/server/quorum/quorum-writer.ts";
import { Readings } from "../../src/server/quorum/readings.ts";
import { RepairsDue } from "../../src/server/quorum/repairs-due.ts";
import { Settler } from "../../src/server/quorum/settler.ts";
import { nodeLimitMs, RedisNodes } from "../../src/server/redis/redis-nodes.ts";
import { QuorumStock } from "../../src/server/stock/quorum-stock.ts";
import { Unavailable } from "../../src/server/unavailable.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";
import { ledgerWith } from "./support/ledger.ts";
import { until } from "./support/world.ts";

const NAME = "lock:stock:1";
const silent = (): void => undefined;
const soon = (): number => performance.now() + 8000;
const ledger = ledgerWith();

let servers: TestRedis[];
let nodes: RedisNodes;
let queue: LocalQueue;

beforeEach(async () => {
  servers = await Promise.all([startRedis(), startRedis(), startRedis()]);
  const [first = "", ...others] = servers.map(({ url }) => url);
  nodes = new RedisNodes({ urls: [first, ...others], log: silent, limitMs: nodeLimitMs(5000) });
  await Promise.all(nodes.all.map(({ client }) => client.ready()));
  for (const { client } of servers) await client.set("stock:1", 9);
  queue = new LocalQueue();
});
afterEach(async () => {
  nodes.close();
  await Promise.all(servers.map((server) => server.stop()));
});

function lockOf(leaseMs = 60_000): QueuedLock {
  const readings = new Readings({ nodes, settler: new Settler(ledger), due: new RepairsDue() });
  return new QueuedLock(new HeritableRedlock({ nodes, readings, background: new Background(silent), leaseMs }), queue);
}

function stockOf(): QuorumStock {
  return new QuorumStock({ nodes, writer: new QuorumWriter(nodes), ledger, due: new RepairsDue(), leaseMs: 60_000 });
}

/** A sale of one unit that reaches the ledger. */
async function sell(stock: QuorumStock, hold: Hold, sale: string): Promise<void> {
  const taking = { sale, key: null, lines: [{ product: "1", quantity: 1 }] };
  expect((await stock.take(taking, [hold])).kind).toBe("taken");
  await stock.confirm(taking);
}

function owners(): Promise<(string | null)[]> {
  return Promise.all(servers.map(({ client }) => client.get(NAME)));
}

async function held(grant: Promise<Hold | null>): Promise<Hold> {
  const hold = await grant;
  if (hold === null) throw new Error("the lock was not obtained");
  return hold;
}

describe("a redlock whose owner has sold", () => {
  it("is left to the next buyer of the process, with what is left and a higher token", async () => {
    const [lock, stock] = [lockOf(), stockOf()];
    const first = await held(lock.acquire(NAME, soon(), "a:1", true));
    const next = lock.acquire(NAME, soon(), "a:2", true);
    await sell(stock, first, "s:1");
    await lock.release(first);
    const second = await held(next);
    expect(await owners()).toEqual(["a:1", "a:1", "a:1"]);
    expect([second.token, second.guarded]).toEqual(["a:1", 8]);
    expect(second.fencingToken).toBeGreaterThan(first.fencingToken ?? Infinity);
    await sell(stock, second, "s:2");
    await lock.release(second);
    await until("it is free", async () => (await owners()).every((owner) => owner === null));
    for (const { client } of servers) expect(await client.get("stock:1")).toBe("7");
    expect((await held(lock.acquire(NAME, soon(), "a:3", true))).fencingToken).toBeGreaterThan(
      second.fencingToken ?? Infinity,
    );
  });

  it("is asked for anew by an order that needs other locks too", async () => {
    const [lock, stock] = [lockOf(), stockOf()];
    const first = await held(lock.acquire(NAME, soon(), "a:1", true));
    const next = lock.acquire(NAME, soon(), "a:2", false);
    await sell(stock, first, "s:1");
    await lock.release(first);
    expect((await held(next)).token).toBe("a:2");
  });

  it("is asked for anew when nothing was sold under it", async () => {
    const lock = lockOf();
    const first = await held(lock.acquire(NAME, soon(), "a:1", true));
    const next = lock.acquire(NAME, soon(), "a:2", true);
    await lock.release(first);
    expect((await held(next)).token).toBe("a:2");
  });

  it("is asked for anew in the second half of its lease", async () => {
    const [lock, stock] = [lockOf(300), stockOf()];
    const first = await held(lock.acquire(NAME, soon(), "a:1", true));
    const next = lock.acquire(NAME, soon(), "a:2", true);
    await sell(stock, first, "s:1");
    await until("half of the lease is over", () => Promise.resolve(first.expiresAtMs - performance.now() < 150));
    await lock.release(first);
    expect((await held(next)).token).toBe("a:2");
  });

  it("is asked for anew when no quorum of nodes is there, although the lease would allow it", async () => {
    const [lock, stock] = [lockOf(), stockOf()];
    const first = await held(lock.acquire(NAME, soon(), "a:1", true));
    const next = lock.acquire(NAME, soon(), "a:2", true);
    await sell(stock, first, "s:1");
    for (const { pid } of servers.slice(1)) process.kill(pid, "SIGKILL");
    await until("they are gone", () => Promise.resolve(nodes.answering < nodes.quorum));
    // The nodes that are gone are owed the release for as long as the lease runs.
    lock.release(first).catch(() => undefined);
    await expect(next).rejects.toThrow(Unavailable);
  });

  it("is not left to somebody who was turned away, but given up", async () => {
    const [lock, stock] = [lockOf(), stockOf()];
    const first = await held(lock.acquire(NAME, soon(), "a:1", true));
    const next = lock.acquire(NAME, soon(), "a:2", true);
    await sell(stock, first, "s:1");
    lock.turnAway();
    await lock.release(first);
    expect(await next).toBeNull();
    await until("it is free", async () => (await owners()).every((owner) => owner === null));
  });
});
