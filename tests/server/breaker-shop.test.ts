import Database from "better-sqlite3";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LockName } from "../../src/server/config.ts";
import { buy, post, stampede, tally } from "./support/buyers.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { createWorld, until, type World } from "./support/world.ts";

let world: World;
let heir: ReturnType<typeof restart> | undefined;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  await world.end();
  heir?.kill("SIGKILL");
  await heir;
  heir = undefined;
});
const BREAKER = { failures: 3, probeMs: 50 };
const metrics = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();
const stateOf = async (url: string): Promise<string | undefined> => (await buy(url, "eve")).body.breaker;

const restart = () => execa("redis-server", ["--port", String(world.redis.port), "--save", ""], { reject: false });

it("a shop whose Redis dies refuses everybody until it is back, and then sells", async () => {
  const { url } = await world.shop({ breaker: BREAKER });
  await world.seed({ "1": 500 });
  const first = await buy(url, "ann");
  expect(first.body).toMatchObject({ outcome: "sold", breaker: "closed" });
  expect(await metrics(url)).toContain("\nshop_breaker_state 0\n");

  process.kill(world.redis.pid, "SIGKILL");
  await until("it is open", async () => (await stateOf(url)) === "open");
  const refused = await stampede([url], 300);
  expect(tally(refused)).toEqual({ unavailable: 300 });
  expect(new Set(refused.map(({ status, retryAfter }) => `${String(status)} ${String(retryAfter)}`))).toEqual(
    new Set(["503 1"]),
  );
  expect(refused.filter(({ body }) => body.breaker === "closed")).toEqual([]);
  expect(await metrics(url)).toMatch(/\nshop_breaker_state [12]\n/);

  heir = restart();
  await until("it is closed", async () => (await stateOf(url)) === "closed");
  await until("it is healthy", async () => (await fetch(`${url}/health`)).status === 200);
  await world.seed({ "1": 500 });
  const after = await buy(url, "bob");
  expect(after.body).toMatchObject({ outcome: "sold", breaker: "closed" });
  expect(BigInt(after.body.breakerSinceNs ?? 0)).toBeGreaterThan(BigInt(first.body.breakerSinceNs ?? 0));
  expect(await metrics(url)).toContain('\nshop_breaker_transitions_total{to="closed"} 1\n');
});

describe("with five nodes", () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster(5);
  });
  afterEach(() => cluster.end());
  const open = async (lock: LockName): Promise<string> => {
    const shop = { lock, breaker: BREAKER, redisUrls: cluster.urls, lockTtlMs: 2000, lockWaitMs: 60_000 };
    const { url } = await world.shop(shop);
    await world.seed({ "1": 500 });
    await cluster.set("stock:1", 500);
    return url;
  };
  const LOCKS = ["redlock-manual", "redlock-library"] as const;

  it.each(LOCKS)("%s refuses everybody while the quorum is frozen, those who wait included", async (lock) => {
    const url = await open(lock);
    expect((await buy(url, "ann")).body).toMatchObject({ outcome: "sold", breaker: "closed" });
    // Everybody waits behind this, as if the owner were on another server.
    await cluster.set("lock:stock:1", "somebody:1");
    const waiting = stampede([url], 100);
    await until("it has asked in vain", async () => (await cluster.timesAsked(4)) > 10);
    cluster.signal([0, 1, 2], "SIGSTOP");
    const answers = await waiting;
    expect(tally(answers)).toEqual({ unavailable: 100 });
    expect(answers.filter(({ body }) => body.breaker === "closed").length).toBeLessThan(10);
    const asked = await cluster.timesAsked(4);
    expect(tally(await stampede([url], 300))).toEqual({ unavailable: 300 });
    // Probes, at most; a buyer would have asked several times.
    expect((await cluster.timesAsked(4)) - asked).toBeLessThan(100);

    cluster.signal([0, 1, 2], "SIGCONT");
    for (const { client } of cluster.servers) await client.del("lock:stock:1");
    await until("it sells again", async () => (await buy(url, "bob")).status === 201);
    expect(await stateOf(url)).toBe("closed");
  });

  it.each(LOCKS)("%s sells with two nodes dead, and again when a third one is back", async (lock) => {
    const url = await open(lock);
    cluster.signal([3, 4], "SIGKILL");
    expect(tally(await stampede([url], 20))).toEqual({ sold: 20 });
    expect(await metrics(url)).toContain('\nshop_breaker_transitions_total{to="open"} 0\n');
    cluster.signal([2], "SIGKILL");
    await until("it is open", async () => (await stateOf(url)) === "open");
    cluster.restart([2]);
    await until("it sells again", async () => (await buy(url, "bob")).status === 201);
    expect(await metrics(url)).toContain("\nshop_breaker_state 0\n");
  });
});

it("a ledger that is locked while a sale is settled does not open the breaker", async () => {
  const { url } = await world.shop({ lock: "redlock-manual", breaker: { failures: 1, probeMs: 50 } });
  await world.seed({ "1": 5 });
  await world.redis.client.mset("stock:1", 3, "version:1", "4 0 dead-1 2");
  const other = new Database(world.database);
  other.exec("BEGIN IMMEDIATE");
  try {
    const { status, body } = await buy(url, "ann");
    expect([status, body]).toMatchObject([503, { outcome: "unavailable", breaker: "closed" }]);
    expect(body.error).toContain("database");
    expect(await metrics(url)).toContain('\nshop_breaker_transitions_total{to="open"} 0\n');
  } finally {
    other.close();
  }
  expect((await buy(url, "bob")).body).toMatchObject({ outcome: "sold", remaining: 4, breaker: "closed" });
});

it("answers that have nothing to do with Redis tell the breaker's state, too, and shops without one tell none", async () => {
  const [guarded, plain] = [await world.shop({ breaker: BREAKER }), await world.shop()];
  await world.seed({ "1": 5 });
  expect((await post(guarded.url, "no JSON")).body).toMatchObject({ outcome: "bad_request", breaker: "closed" });
  expect(await buy(plain.url, "ann")).not.toHaveProperty("body.breaker");
  expect(await metrics(plain.url)).not.toContain("breaker");
});
