import { afterAll, beforeAll, expect, it } from "vitest";
import { readLocks } from "../../src/probes/redis-lock-keys.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";
import { wireCase } from "../support/wires.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

it("tells who holds a lock key; a list of tickets is held by nobody", async () => {
  await redis.client.set("lock:stock:p0", "me");
  await redis.client.hset("lock:stock:p1", "owner", "me");
  await redis.client.rpush("lock:stock:p2", "ticket");
  const nodes = [{ name: "redis", url: redis.url, owned: true }];
  const locks = await readLocks(wireCase({ stock: [1, 1, 1, 1] }).plan, nodes);
  expect(locks?.map(({ key, holder, pttlMs }) => [key, holder, pttlMs])).toEqual([
    ["lock:stock:p0", "me", -1],
    ["lock:stock:p1", '{"owner":"me"}', -1],
  ]);
});
