import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { buy } from "./support/buyers.ts";
import { createWorld, until, type World } from "./support/world.ts";

const MAIN = new URL("../../dist/server/main.js", import.meta.url).pathname;

let folder: string;
let world: World;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockbench-process-"));
  world = await createWorld();
});
afterEach(async () => {
  await world.end();
  await rm(folder, { recursive: true });
});

function start(env: Record<string, string>) {
  return execa("node", [MAIN], { env: { PORT: "0", DATABASE: join(folder, "shop.db"), ...env }, reject: false });
}

it.each([
  [{ LOCK: "mutex" }, 'LOCK: expected one of fifo, spin, lua, none, redlock-manual, redlock-library, found "mutex"'],
  [{ PORT: "http" }, "PORT: expected a whole number"],
  [{ REDIS_URL: "127.0.0.1:6379" }, "REDIS_URL: expected redis://host:port"],
  [{ REDIS_URLS: "redis://127.0.0.1:6379,redis1:6379" }, 'REDIS_URLS: expected redis://host:port, found "redis1:6379"'],
  [{ REDIS_URLS: "redis://127.0.0.1:1,redis://127.0.0.1:1" }, "REDIS_URLS: expected each node once"],
  [
    { LOCK: "fifo", REDIS_URLS: "redis://127.0.0.1:1,redis://127.0.0.1:2" },
    'LOCK: expected redlock-manual or redlock-library for the 2 nodes of REDIS_URLS, found "fifo", which knows one node',
  ],
  [{ LOCK_TTL_MS: "-1", LOCK_WAIT_MS: "soon" }, "LOCK_WAIT_MS: expected"],
  [{ BREAKER: "maybe" }, 'BREAKER: expected on or off, found "maybe"'],
  [{ BREAKER_FAILURES: "0" }, 'BREAKER_FAILURES: expected a whole number from 1 to 1000, found "0"'],
])("a bad configuration is one clear line and exit code 2: %j", async (env, line) => {
  const { exitCode, stderr } = await start(env);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(line);
  expect(stderr.split("\n")).toHaveLength(1);
});

it("a database that is none is one clear line, and nothing is left running", async () => {
  await writeFile(join(folder, "shop.db"), "this is no database, but long enough to be looked at as one".repeat(20));
  const { exitCode, stderr } = await start({ REDIS_URL: world.redis.url });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^inventory server: cannot start: database .*shop\.db: .+$/);
});

it("a port that is taken is one clear line", async () => {
  const shop = await world.shop();
  const { exitCode, stderr } = await start({ REDIS_URL: world.redis.url, PORT: String(shop.port) });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`port ${String(shop.port)} on 127.0.0.1 is taken`);
});

it("SIGTERM finishes what is in flight and exits with 0", async () => {
  const shop = await world.process();
  await world.seed({ "1": 5 });
  await world.redis.client.set("lock:stock:1", "somebody:1", "PX", 500);
  const inFlight = buy(shop.url, "ann");
  await until("ann waits", async () => (await world.redis.client.llen("queue:lock:stock:1")) === 1);
  shop.kill("SIGTERM");
  expect((await inFlight).status).toBe(201);
  expect(await shop.gone).toBe(0);
  expect(await world.redis.client.exists("lock:stock:1", "pending:1")).toBe(0);
});

it("SIGTERM turns away those who would wait too long", async () => {
  const shop = await world.process();
  await world.seed({ "1": 5 });
  await world.redis.client.set("lock:stock:1", "somebody:1", "PX", 60_000);
  const inFlight = buy(shop.url, "ann");
  await until("ann waits", async () => (await world.redis.client.llen("queue:lock:stock:1")) === 1);
  shop.kill("SIGTERM");
  expect((await inFlight).body.outcome).toBe("busy");
  expect(await shop.gone).toBe(0);
  expect(await world.redis.client.llen("queue:lock:stock:1")).toBe(0);
});

it("waits for a Redis that is not there yet, and says so", async () => {
  const port = world.redis.port;
  await world.redis.client.quit();
  process.kill(world.redis.pid, "SIGKILL");
  const shop = start({ REDIS_URL: `redis://127.0.0.1:${String(port)}`, PORT: "0" });
  const listening = new Promise<string>((resolve) => {
    shop.stdout.on("data", (chunk: Buffer) => resolve(/http:\S+/.exec(String(chunk))?.[0] ?? ""));
  });
  const url = await listening;
  expect((await fetch(`${url}/health`)).status).toBe(503);
  const redis = execa("redis-server", ["--port", String(port), "--save", ""], { reject: false });
  try {
    await until("it is healthy", async () => (await fetch(`${url}/health`)).status === 200);
  } finally {
    redis.kill("SIGKILL");
    shop.kill("SIGTERM");
    await Promise.all([redis, shop]);
  }
});
