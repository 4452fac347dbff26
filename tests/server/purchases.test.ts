import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LOCKS } from "../../src/server/config.ts";
import type { ShopTools } from "../../src/server/parts.ts";
import { RedisStock } from "../../src/server/stock/redis-stock.ts";
import { buy, post, stampede, tally } from "./support/buyers.ts";
import { createWorld, until, type World } from "./support/world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.end());

interface Rows {
  readonly units: number;
  readonly rows: number;
  readonly keys: number;
}

/** The three witnesses of product 1. */
async function truth(): Promise<{ redis: number; database: number; sold: number; rows: number }> {
  const [sold] = world.sql<Rows>("SELECT sum(quantity) AS units, count(*) AS rows FROM purchases WHERE product = '1'");
  const [product] = world.sql<{ stock: number }>("SELECT stock FROM products WHERE id = '1'");
  const redis = Number(await world.redis.client.get("stock:1"));
  return { redis, database: product?.stock ?? Number.NaN, sold: sold?.units ?? 0, rows: sold?.rows ?? 0 };
}

describe.each(LOCKS.filter((lock) => lock !== "none"))("with %s", (lock) => {
  it("sells exactly what is there, over two replicas", async () => {
    const shops = [await world.process({ lock }), await world.process({ lock })];
    await world.seed({ "1": 40 });
    const answers = await stampede(
      shops.map(({ url }) => url),
      120,
    );
    expect(tally(answers)).toEqual({ sold: 40, sold_out: 80 });
    expect(await truth()).toEqual({ redis: 0, database: 0, sold: 40, rows: 40 });
    const remaining = answers.filter(({ status }) => status === 201).map(({ body }) => body.remaining);
    expect(new Set(remaining).size).toBe(40);
    await until("nothing is pending", async () => (await world.redis.client.exists("pending:1")) === 0);
  });

  it.each([1, 5])("sells a key once, at once, on another replica and later, with %i left", async (stock) => {
    const shops = [await world.shop({ lock }), await world.shop({ lock })];
    await world.seed({ "1": stock });
    const urls = shops.map(({ url }) => url);
    const twice = await Promise.all([...urls, ...urls].map((url) => buy(url, "ann", { key: "k" })));
    const again = await Promise.all(urls.map((url) => buy(url, "ann", { key: "k" })));
    const [first, ...others] = [...twice, ...again];
    expect(first?.status).toBe(201);
    for (const other of others) expect(other).toEqual(first);
    expect(await truth()).toEqual({ redis: stock - 1, database: stock - 1, sold: 1, rows: 1 });
  });

  it("takes a basket whole or not at all", async () => {
    const { url } = await world.shop({ lock });
    await world.seed({ a: 5, b: 1, c: 5 });
    const items = ["c", "a", "b"].map((product) => ({ product }));
    const first = await post(url, { buyer: "ann", items: [...items, { product: "a", quantity: 2 }] });
    expect(first.status).toBe(201);
    expect(first.body.items?.map(({ product, quantity, remaining }) => [product, quantity, remaining])).toEqual([
      ["a", 3, 2],
      ["b", 1, 0],
      ["c", 1, 4],
    ]);
    expect((await post(url, { buyer: "bob", items })).body.outcome).toBe("sold_out");
    expect(await world.redis.client.mget("stock:a", "stock:b", "stock:c")).toEqual(["2", "0", "4"]);
    expect(world.sql("SELECT id, stock FROM products ORDER BY id")).toEqual([
      { id: "a", stock: 2 },
      { id: "b", stock: 0 },
      { id: "c", stock: 4 },
    ]);
    expect(world.sql("SELECT DISTINCT sale FROM purchases")).toEqual([{ sale: first.body.sale }]);
  });

  it("sells on after it was seeded anew", async () => {
    const { url } = await world.shop({ lock });
    for (let round = 0; round < 2; round += 1) {
      await world.seed({ "1": 5 });
      await world.redis.client.script("FLUSH");
      expect(tally(await stampede([url], 10))).toEqual({ sold: 5, sold_out: 5 });
    }
  });
});

/** Lets nobody take a unit before so many buyers have read the stock, however slow the machine. */
class SharedGlance extends RedisStock {
  static buyers = 0;
  static #seen: (() => void)[] = [];

  override async read(products: readonly string[]): Promise<number[]> {
    const units = await super.read(products);
    await new Promise<void>((resolve) => {
      SharedGlance.#seen.push(resolve);
      if (SharedGlance.#seen.length === SharedGlance.buyers) for (const goOn of SharedGlance.#seen) goOn();
    });
    return units;
  }
}

it("oversells without a lock, which is what the locks are there for", async () => {
  SharedGlance.buyers = 30;
  const parts = { stock: ({ client }: ShopTools) => new SharedGlance(client) };
  const shops = [await world.shop({ lock: "none", parts }), await world.shop({ lock: "none", parts })];
  await world.seed({ "1": 20 });
  const answers = await stampede(
    shops.map(({ url }) => url),
    30,
  );
  expect(tally(answers)).toEqual({ sold: 30 });
  expect(await truth()).toEqual({ redis: -10, database: -10, sold: 30, rows: 30 });
});

it("does not deadlock over baskets that name the same products in different orders", async () => {
  const { url } = await world.shop({ lockWaitMs: 20_000 });
  await world.seed({ a: 30, b: 30, c: 30 });
  const names = ["a", "b", "c"];
  const baskets = Array.from({ length: 60 }, (_, n) => [names[n % 3], names[(n + 1 + (n % 2)) % 3]]);
  const answers = await Promise.all(
    baskets.map((products, n) =>
      post(url, { buyer: `b${String(n)}`, items: products.map((product) => ({ product })) }),
    ),
  );
  expect(tally(answers)["busy"]).toBeUndefined();
  expect(world.sql("SELECT sale FROM purchases GROUP BY sale HAVING count(*) <> 2")).toEqual([]);
});

describe("answers", () => {
  it("carry stamps of the monotonic clock, and a fencing token", async () => {
    const { url } = await world.shop();
    await world.seed({ "1": 1 });
    const before = process.hrtime.bigint();
    const { status, body } = await buy(url, "ann");
    expect(status).toBe(201);
    expect(body).toMatchObject({ outcome: "sold", product: "1", quantity: 1, remaining: 0, fencingToken: 1 });
    expect(BigInt(body.arrivedAtNs ?? 0) > before).toBe(true);
    expect(BigInt(body.grantedAtNs ?? 0) >= BigInt(body.arrivedAtNs ?? 0)).toBe(true);
    const late = await buy(url, "bob");
    expect(late.status).toBe(409);
    expect(Object.keys(late.body)).toEqual(["outcome", "arrivedAtNs", "grantedAtNs"]);
  });

  it("say busy when the lock is not to be had", async () => {
    const { url } = await world.shop({ lockWaitMs: 30 });
    await world.seed({ "1": 1 });
    await world.redis.client.set("lock:stock:1", "somebody:1", "PX", 60_000);
    const { status, body } = await buy(url, "ann");
    expect([status, body.outcome]).toEqual([503, "busy"]);
    expect(body.arrivedAtNs).toMatch(/^\d+$/);
    expect(await truth()).toEqual({ redis: 1, database: 1, sold: 0, rows: 0 });
  });

  it("say unavailable, not sold out, when Redis has no stock", async () => {
    const { url } = await world.shop();
    await world.seed({ "1": 1 });
    await world.redis.client.del("stock:1");
    const { status, body } = await buy(url, "ann");
    expect([status, body.outcome]).toEqual([503, "unavailable"]);
    expect(body.error).toContain("stock:1");
  });

  it("refuse a key that was used for a different order", async () => {
    const { url } = await world.shop();
    await world.seed({ "1": 5 });
    await buy(url, "ann", { key: "k" });
    const other = await buy(url, "ann", { key: "k", quantity: 2 });
    expect([other.status, other.body.outcome]).toEqual([422, "bad_request"]);
    expect(await truth()).toEqual({ redis: 4, database: 4, sold: 1, rows: 1 });
  });

  it("refuse it also when both come at once, to two replicas", async () => {
    const [one, other] = [await world.shop(), await world.shop()];
    await world.seed({ "1": 5, "2": 5 });
    const answers = await Promise.all([
      buy(one.url, "ann", { key: "k" }),
      post(other.url, { product: "2", buyer: "ann", key: "k" }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    expect(world.sql("SELECT id FROM purchases")).toHaveLength(1);
    const left = (await world.redis.client.mget("stock:1", "stock:2")).map(Number);
    expect(left.sort()).toEqual([4, 5]);
  });

  it("know the key of the Idempotency-Key header, too", async () => {
    const { url } = await world.shop();
    await world.seed({ "1": 5 });
    const first = await post(url, { product: "1", buyer: "ann" }, { "idempotency-key": "h" });
    expect(await buy(url, "ann", { key: "h" })).toEqual(first);
    expect((await truth()).sold).toBe(1);
  });
});

describe("bad requests change nothing and say why", () => {
  const buyer = "ann";
  const product = "1";
  it.each([
    ["broken JSON", '{"product":', 400, "JSON"],
    ["a list", "[]", 400, "object"],
    ["no buyer", { product }, 400, "buyer"],
    ["no product", { buyer }, 400, "product"],
    ["quantity 0", { product, buyer, quantity: 0 }, 400, "found 0"],
    ["quantity -1", { product, buyer, quantity: -1 }, 400, "found -1"],
    ["quantity 1.5", { product, buyer, quantity: 1.5 }, 400, "found 1.5"],
    ["quantity 10^9", { product, buyer, quantity: 1e9 }, 400, "found 1000000000"],
    ['quantity "1"', { product, buyer, quantity: "1" }, 400, 'found "1"'],
    ["quantity null", { product, buyer, quantity: null }, 400, "found null"],
    ["an unknown product", { product: "nope", buyer }, 404, "nope"],
    ["a basket with an unknown product", { items: [{ product }, { product: "nope" }], buyer }, 404, "nope"],
    ["an empty basket", { items: [], buyer }, 400, "items"],
    ["a basket of 51", { items: Array.from({ length: 51 }, () => ({ product })), buyer }, 400, "items"],
    ["both product and items", { product, items: [{ product }], buyer }, 400, "both"],
    ["an empty key", { product, buyer, key: "" }, 400, "key"],
    ["more than 64 KB", { product, buyer, note: "x".repeat(70_000) }, 413, "65536"],
  ])("%s", async (_, body, status, why) => {
    const { url } = await world.shop();
    await world.seed({ "1": 5 });
    const answer = await post(url, body);
    expect([answer.status, answer.body.outcome]).toEqual([status, "bad_request"]);
    expect(answer.body.error).toContain(why);
    expect(await truth()).toEqual({ redis: 5, database: 5, sold: 0, rows: 0 });
  });

  it("a wrong method is told the right ones", async () => {
    const { url } = await world.shop();
    const response = await fetch(`${url}/purchases`, { method: "DELETE" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, POST"]);
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  });

  it("an endless body is cut off", async () => {
    const { port } = await world.shop();
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    const closed = new Promise((resolve) => socket.on("close", resolve));
    let heard = "";
    socket.on("data", (chunk: Buffer) => (heard += chunk.toString()));
    socket.write("POST /purchases HTTP/1.1\r\nhost: shop\r\ntransfer-encoding: chunked\r\n\r\n");
    const more = (): boolean => socket.write(`10000\r\n${"x".repeat(65_536)}\r\n`);
    socket.on("drain", more);
    while (more()) continue;
    await closed;
    expect(heard).toContain("413");
  });
});

describe("what can be read", () => {
  it("stock of both witnesses, and the purchases in the order of their commit", async () => {
    const { url } = await world.shop();
    await world.seed({ "1": 5 });
    for (const name of ["ann", "bob", "eve"]) await buy(url, name);
    expect(await (await fetch(`${url}/stock/1`)).json()).toEqual({ product: "1", redis: 2, database: 2 });
    expect((await fetch(`${url}/stock/nope`)).status).toBe(404);
    const listed = (await (await fetch(`${url}/purchases?limit=2`)).json()) as { purchases: { buyer: string }[] };
    expect(listed).toMatchObject({
      count: 3,
      purchases: [
        { buyer: "bob", remaining: 3 },
        { buyer: "eve", remaining: 2 },
      ],
    });
    expect((await fetch(`${url}/purchases?limit=x`)).status).toBe(400);
  });

  it("nothing of a rehearsal, which leaves neither keys nor rows nor counts", async () => {
    await world.redis.client.flushall();
    const { url } = await world.shop({ rehearsal: 40 });
    const keys = (await world.redis.client.keys("*")).filter((key) => !key.startsWith("instance:"));
    expect(keys).toEqual([]);
    expect(await (await fetch(`${url}/purchases`)).json()).toMatchObject({ count: 0 });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('shop_lock_acquisitions_total{lock="fifo"} 0');
    await world.seed({ "1": 5 });
    expect((await buy(url, "ann")).status).toBe(201);
  });

  it("metrics of the lock", async () => {
    const { url } = await world.shop({ lockWaitMs: 20 });
    await world.seed({ "1": 5 });
    await buy(url, "ann");
    await world.redis.client.set("lock:stock:1", "somebody:1", "PX", 60_000);
    await buy(url, "bob");
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('shop_lock_acquisitions_total{lock="fifo"} 1');
    expect(metrics).toContain('shop_lock_timeouts_total{lock="fifo"} 1');
    expect(metrics).toContain('shop_lock_wait_seconds_count{lock="fifo"} 2');
    expect(metrics).toContain('shop_lock_hold_seconds_count{lock="fifo"} 1');
    expect(metrics).toContain('shop_purchases_total{outcome="sold"} 1');
  });
});
