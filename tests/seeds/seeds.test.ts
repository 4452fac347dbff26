import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { commandSeed } from "../../src/seeds/command.ts";
import { httpSeed } from "../../src/seeds/http.ts";
import { redisSeed } from "../../src/seeds/redis.ts";
import { sqliteSeed } from "../../src/seeds/sqlite.ts";
import { temporaryFolder } from "../support/folders.ts";
import { jsonServer } from "../support/json-server.ts";
import { probeTarget } from "../support/probe-target.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";

const products = [
  { id: "1", stock: 100 },
  { id: "2", stock: 7 },
];

describe("seeding Redis", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(() => redis.client.flushall());

  const plan = { kind: "redis", commands: [["SET", "stock:${product}", "${stock}"]] } as const;

  it("runs a command that names a product once for each product", async () => {
    const nodes = [{ name: "redis", url: redis.url, owned: true }];
    await redisSeed(plan).apply(probeTarget({ redis: nodes }), products);
    expect(await redis.client.mget("stock:1", "stock:2")).toEqual(["100", "7"]);
  });

  it("refuses to write to a Redis that lockbench did not start", async () => {
    const nodes = [{ name: "redis", url: redis.url, owned: false }];
    await expect(redisSeed(plan).apply(probeTarget({ redis: nodes }), products)).rejects.toMatchObject({ exit: 2 });
    expect(await redis.client.dbsize()).toBe(0);
  });
});

describe("seeding SQLite", () => {
  it("runs statements in one transaction, and those that name a product for each product", async () => {
    const folder = temporaryFolder();
    const database = new Database(join(folder, "shop.db"));
    database.exec("CREATE TABLE products (id TEXT, stock INTEGER); INSERT INTO products VALUES ('old', 1)");
    const statements = ["DELETE FROM products", "INSERT INTO products VALUES (:product, :stock)"];
    await sqliteSeed({ kind: "sqlite", file: "shop.db", statements }).apply(probeTarget({ folder }), products);
    expect(database.prepare("SELECT * FROM products").all()).toEqual(products);
  });

  it("changes nothing when one statement fails", async () => {
    const folder = temporaryFolder();
    const database = new Database(join(folder, "shop.db"));
    database.exec("CREATE TABLE products (id TEXT, stock INTEGER); INSERT INTO products VALUES ('old', 1)");
    const seed = sqliteSeed({
      kind: "sqlite",
      file: "shop.db",
      statements: ["DELETE FROM products", "DELETE FROM nowhere"],
    });
    await expect(seed.apply(probeTarget({ folder }), products)).rejects.toThrow(/no such table/);
    expect(database.prepare("SELECT count(*) FROM products").pluck().get()).toBe(1);
  });
});

describe("seeding over HTTP", () => {
  it("sends one request for each product, with numbers as numbers", async () => {
    const received: string[] = [];
    const server = await jsonServer((_request, body) => {
      received.push(body);
      return [204, null];
    });
    const body = { id: "${product}", units: "${stock}" };
    await httpSeed({ kind: "http", method: "PUT", path: "/stock", body, status: 204 }).apply(
      probeTarget({ server }),
      products,
    );
    expect(received).toEqual(['{"id":"1","units":100}', '{"id":"2","units":7}']);
  });

  it("fails on another status than the scenario expects", async () => {
    const server = await jsonServer(() => [403, { why: "read-only" }]);
    const seed = httpSeed({ kind: "http", method: "POST", path: "/reset", body: null, status: 200 });
    await expect(seed.apply(probeTarget({ server }), products)).rejects.toThrow(
      /expected status 200, found 403.*read-only/,
    );
  });
});

describe("seeding with a command", () => {
  it("fails the run when the program exits with an error", async () => {
    const seed = commandSeed({ kind: "command", command: ["node", "-e", "process.exit(3)"], withinMs: 10_000 }, "/");
    await expect(seed.apply(probeTarget({}), products)).rejects.toMatchObject({ exit: 5 });
  });
});
