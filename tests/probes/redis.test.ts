import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { redisStockProbe } from "../../src/probes/redis.ts";
import { probeTarget } from "../support/probe-target.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(() => redis.client.flushall());

const plan = { kind: "redis", name: "redis", key: "stock:${product}", field: null } as const;

function probe(field: string | null = null, name = "redis") {
  const nodes = [{ name: "redis", url: redis.url, owned: false }];
  return redisStockProbe({ ...plan, name, field }, probeTarget({ redis: nodes }));
}

describe("the Redis stock probe", () => {
  it("reads the units that the shop keeps under its key", async () => {
    await redis.client.set("stock:7", "42");
    const stock = probe();
    expect(await stock.read("7")).toEqual([{ source: "redis", units: 42, said: "42" }]);
    await stock.close();
  });

  it("reads a field of a hash when the scenario names one", async () => {
    await redis.client.hset("stock:7", "left", "3");
    const stock = probe("left", "shelf");
    expect(await stock.read("7")).toEqual([{ source: "shelf", units: 3, said: "3" }]);
    await stock.close();
  });

  it("says that a key is missing instead of calling it zero", async () => {
    const stock = probe();
    expect(await stock.read("7")).toEqual([{ source: "redis", units: null, said: "no such key" }]);
    await stock.close();
  });

  it("does not take a word for a number", async () => {
    await redis.client.set("stock:7", "plenty");
    const stock = probe();
    expect(await stock.read("7")).toEqual([{ source: "redis", units: null, said: "plenty" }]);
    await stock.close();
  });

  it("fails instead of answering for a node that is gone", async () => {
    const gone = await startRedis();
    await gone.stop();
    const nodes = [{ name: "redis", url: gone.url, owned: true }];
    const stock = redisStockProbe(plan, probeTarget({ redis: nodes }));
    await expect(stock.read("7")).rejects.toThrow(/^redis could not be read: no connection$/);
    await stock.close();
  });
});
