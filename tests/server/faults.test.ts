import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { execa } from "execa";
import type { CommitTerms, Sale } from "../../src/server/ledger/ledger.ts";
import { SqliteLedger } from "../../src/server/ledger/sqlite-ledger.ts";
import { LOCKS } from "../../src/server/config.ts";
import { RedisClient } from "../../src/server/redis/redis-client.ts";
import { Unavailable } from "../../src/server/unavailable.ts";
import { buy, post, stampede, tally } from "./support/buyers.ts";
import { createWorld, until, type World } from "./support/world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.end());

/** Is slow between taking the units and writing the sale. */
class SlowLedger extends SqliteLedger {
  readonly #ms: number;
  constructor(file: string, ms: number) {
    super(file);
    this.#ms = ms;
  }
  override record(sale: Sale, terms: CommitTerms): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, this.#ms);
    super.record(sale, terms);
  }
}

/** Writes whatever the lease says: only the fencing is left to stop it. */
class HeedlessLedger extends SqliteLedger {
  override record(sale: Sale, terms: CommitTerms): void {
    super.record(sale, { ...terms, leaseHolds: () => true });
  }
}

async function stocks(): Promise<{ redis: number; database: number; rows: number }> {
  const [product] = world.sql<{ stock: number }>("SELECT stock FROM products WHERE id = '1'");
  const [count] = world.sql<{ rows: number }>("SELECT count(*) AS rows FROM purchases");
  const redis = Number(await world.redis.client.get("stock:1"));
  return { redis, database: product?.stock ?? Number.NaN, rows: count?.rows ?? Number.NaN };
}

describe("the database", () => {
  it.each(LOCKS)("failing gives the stock back, with %s", async (lock) => {
    const { url } = await world.shop({ lock });
    await world.seed({ "1": 5 });
    world.exec("CREATE TRIGGER broken BEFORE UPDATE ON products BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    const answer = await buy(url, "ann", { key: "k" });
    expect([answer.status, answer.body.outcome]).toEqual([503, "unavailable"]);
    expect(await stocks()).toEqual({ redis: 5, database: 5, rows: 0 });
    world.exec("DROP TRIGGER broken");
    expect((await buy(url, "ann", { key: "k" })).status).toBe(201);
  });

  it("failing for one line of a basket gives every line back", async () => {
    const { url } = await world.shop();
    await world.seed({ "1": 5, "2": 5 });
    world.exec(
      "CREATE TRIGGER broken BEFORE UPDATE ON products WHEN old.id = '2' BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    const answer = await post(url, { buyer: "ann", items: [{ product: "1" }, { product: "2" }] });
    expect(answer.body.outcome).toBe("unavailable");
    expect(await world.redis.client.mget("stock:1", "stock:2")).toEqual(["5", "5"]);
    expect(await stocks()).toEqual({ redis: 5, database: 5, rows: 0 });
  });
});

describe("a lease that is lost", () => {
  it("before the commit writes nothing and gives the stock back", async () => {
    const ledger = (): SqliteLedger => new SlowLedger(world.database, 120);
    const { url } = await world.shop({ lockTtlMs: 60, parts: { ledger } });
    await world.seed({ "1": 5 });
    const answer = await buy(url, "ann");
    expect([answer.status, answer.body.outcome]).toEqual([503, "busy"]);
    expect(answer.body.grantedAtNs).toMatch(/^\d+$/);
    expect(await stocks()).toEqual({ redis: 5, database: 5, rows: 0 });
  });

  it("is stopped by its fencing token if nothing else does", async () => {
    const { url } = await world.shop({ parts: { ledger: () => new HeedlessLedger(world.database) } });
    await world.seed({ "1": 5 });
    world.exec("UPDATE products SET fence = 7");
    expect((await buy(url, "ann")).body.outcome).toBe("busy");
    expect(await stocks()).toEqual({ redis: 5, database: 5, rows: 0 });
    const next = await buy(url, "ann");
    expect([next.body.outcome, next.body.fencingToken]).toEqual(["sold", 8]);
  });
});

describe("a server that is killed", () => {
  /** As a SIGKILL between the decrement and the commit leaves it: units taken, a note of it, no row. */
  async function halfSold(sale: string): Promise<void> {
    await world.redis.client.decrby("stock:1", 2);
    await world.redis.client.hset("pending:1", sale, "2 some-key");
  }

  it.each(LOCKS)("while selling leaves nothing that the next start does not repair, with %s", async (lock) => {
    const first = await world.process({ lock, lockTtlMs: 300 });
    await world.seed({ "1": 1000 });
    const burst = Promise.allSettled(Array.from({ length: 400 }, (_, n) => buy(first.url, `b${String(n)}`)));
    await until("it sells", () => (world.sql<{ n: number }>("SELECT count(*) AS n FROM purchases")[0]?.n ?? 0) > 3);
    first.kill("SIGKILL");
    await Promise.all([first.gone, burst]);
    const second = await world.process({ lock, lockTtlMs: 300 });
    const after = await stocks();
    expect(after.redis).toBe(after.database);
    expect(await world.redis.client.exists("pending:1")).toBe(0);
    expect((await buy(second.url, "ann")).status).toBe(201);
  });

  it("between the decrement and the commit has its units given back", async () => {
    await world.shop();
    await world.seed({ "1": 5 });
    await halfSold("dead-1");
    await world.shop();
    expect(await stocks()).toEqual({ redis: 5, database: 5, rows: 0 });
    expect(await world.redis.client.exists("pending:1")).toBe(0);
  });

  it("after the commit keeps its sale", async () => {
    const { url } = await world.shop();
    await world.seed({ "1": 5 });
    const { body } = await buy(url, "ann");
    await until("nothing is pending", async () => (await world.redis.client.exists("pending:1")) === 0);
    // The same row, as a dead instance would have left it.
    world.exec(`UPDATE purchases SET sale = 'dead-1' WHERE sale = '${String(body.sale)}'`);
    await world.redis.client.hset("pending:1", "dead-1", "1 ");
    await world.shop();
    expect(await stocks()).toEqual({ redis: 4, database: 4, rows: 1 });
    expect(await world.redis.client.exists("pending:1")).toBe(0);
  });

  it("is told apart from one that lives: its sales are left alone", async () => {
    await world.shop();
    await world.seed({ "1": 5 });
    const [channel = ""] = (await world.redis.client.pubsub("CHANNELS", "instance:*")) as string[];
    const sale = `${channel.slice("instance:".length)}-99`;
    await halfSold(sale);
    await world.shop();
    expect((await stocks()).redis).toBe(3);
    expect(await world.redis.client.hexists("pending:1", sale)).toBe(1);
  });

  it("cannot write a sale that was given back while it seemed dead", async () => {
    const ledger = new SqliteLedger(world.database);
    await world.seed({ "1": 5 });
    ledger.voidUnlessRecorded(["late-1"]);
    const lines = [{ product: "1", quantity: 1, remaining: 4, fencingToken: 1 }];
    const sale = { sale: "late-1", buyer: "ann", key: null, lines, arrivedAtNs: "1", grantedAtNs: "2" };
    expect(() => ledger.record(sale, { fences: [1], leaseHolds: () => true })).toThrow("given up");
    ledger.close();
    expect((await stocks()).rows).toBe(0);
  });

  it("and a waiter that is killed block nobody for longer than a lease", async () => {
    const [mortal, survivor] = [await world.process({ lockTtlMs: 1500 }), await world.process({ lockTtlMs: 1500 })];
    await world.seed({ "1": 1000 });
    const doomed = Promise.allSettled(Array.from({ length: 100 }, (_, n) => buy(mortal.url, `m${String(n)}`)));
    const others = stampede([survivor.url], 100);
    await until("it sells", () => world.sql("SELECT id FROM purchases LIMIT 5").length > 3);
    mortal.kill("SIGKILL");
    expect(tally(await others)).toEqual({ sold: 100 });
    await doomed;
  });
});

it("a server that is frozen does not block the others", async () => {
  const [sleeper, awake] = [await world.process({ lockTtlMs: 1500 }), await world.process({ lockTtlMs: 1500 })];
  await world.seed({ "1": 1000 });
  // Everybody queues behind this, so that the process freezes while it waits and not in the middle of a transaction.
  await world.redis.client.set("lock:stock:1", "somebody:1", "PX", 60_000);
  const queue = (): Promise<number> => world.redis.client.llen("queue:lock:stock:1");
  const asleep = Promise.all(Array.from({ length: 30 }, (_, n) => buy(sleeper.url, `s${String(n)}`)));
  await until("the sleepers wait", async () => (await queue()) === 30);
  const others = stampede([awake.url], 30);
  await until("all wait", async () => (await queue()) === 60);
  sleeper.kill("SIGSTOP");
  // As after a FLUSHALL: no heartbeat is known of anybody.
  await world.redis.client.del("lock:stock:1", ...(await world.redis.client.keys("instance:*")));
  expect(tally(await others)).toEqual({ sold: 30 });
  sleeper.kill("SIGCONT");
  const woken = tally(await asleep);
  const rows = 30 + (woken["sold"] ?? 0);
  await until("nothing is pending", async () => (await world.redis.client.exists("pending:1")) === 0);
  expect(await stocks()).toEqual({ redis: 1000 - rows, database: 1000 - rows, rows });
});

describe("Redis", () => {
  it("having lost everything is filled again from the ledger at the next start", async () => {
    const first = await world.shop();
    await world.seed({ "1": 5 });
    expect((await buy(first.url, "ann")).status).toBe(201);
    await world.redis.client.flushall();
    expect((await buy(first.url, "bob")).body.outcome).toBe("unavailable");
    const second = await world.shop();
    expect(await stocks()).toEqual({ redis: 4, database: 4, rows: 1 });
    expect((await buy(second.url, "bob")).status).toBe(201);
    expect((await buy(first.url, "eve")).status).toBe(201);
    expect(await stocks()).toEqual({ redis: 2, database: 2, rows: 3 });
  });

  it.each(["fifo", "lua"] as const)("down means unavailable, and back means selling again, with %s", async (lock) => {
    const { url } = await world.shop({ lock });
    await world.seed({ "1": 5 });
    process.kill(world.redis.pid, "SIGKILL");
    const answer = await buy(url, "ann");
    expect([answer.status, answer.body.outcome]).toEqual([503, "unavailable"]);
    expect((await fetch(`${url}/health`)).status).toBe(503);

    const heir = execa("redis-server", ["--port", String(world.redis.port), "--save", ""], { reject: false });
    try {
      await until("it is healthy again", async () => (await fetch(`${url}/health`)).status === 200);
      await world.seed({ "1": 5 });
      expect((await buy(url, "ann")).status).toBe(201);
    } finally {
      heir.kill("SIGKILL");
      await heir;
    }
  });

  it("gone while stock is to be given back gets it back when it returns, once", async () => {
    class RedisFreezer extends SqliteLedger {
      override record(): void {
        process.kill(world.redis.pid, "SIGSTOP");
        throw new Unavailable("the disk went away together with Redis");
      }
    }
    const { url } = await world.shop({ lock: "lua", parts: { ledger: () => new RedisFreezer(world.database) } });
    await world.seed({ "1": 5 });
    expect((await buy(url, "ann")).body.outcome).toBe("unavailable");
    process.kill(world.redis.pid, "SIGCONT");
    await until("nothing is pending", async () => (await world.redis.client.exists("pending:1")) === 0);
    expect(await stocks()).toEqual({ redis: 5, database: 5, rows: 0 });
  });

  it("going down is told at once to those who wait for a lock", async () => {
    const { url } = await world.shop();
    await world.seed({ "1": 5 });
    await world.redis.client.set("lock:stock:1", "somebody:1", "PX", 60_000);
    const waiting = buy(url, "early");
    await until("one waits", async () => (await world.redis.client.llen("queue:lock:stock:1")) === 1);
    process.kill(world.redis.pid, "SIGKILL");
    expect((await waiting).body.outcome).toBe("unavailable");
  });

  it("is not blamed for a stall of the server's own", async () => {
    const client = new RedisClient(world.redis.url, () => undefined);
    await client.ready();
    const answer = client.ping();
    await new Promise((resolve) => setImmediate(resolve));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
    await expect(answer).resolves.toBeUndefined();
    client.close();
  });

  it("frozen means unavailable within about a second", async () => {
    const { url } = await world.shop();
    await world.seed({ "1": 5 });
    process.kill(world.redis.pid, "SIGSTOP");
    const answer = await buy(url, "ann");
    process.kill(world.redis.pid, "SIGCONT");
    expect(answer.body.outcome).toBe("unavailable");
    // What it had sent to the frozen node comes before what tells that it is healthy.
    await until("it is healthy again", async () => (await fetch(`${url}/health`)).status === 200);
    await until("the lock is free again", async () => (await world.redis.client.exists("lock:stock:1")) === 0);
    expect((await buy(url, "ann")).status).toBe(201);
    expect(await stocks()).toEqual({ redis: 4, database: 4, rows: 1 });
  });
});
