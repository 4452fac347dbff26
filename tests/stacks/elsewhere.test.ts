import { spawn } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { startRedis } from "../support/redis-server.ts";
import { aPlace, aPlan, ask, type Place, processesOf } from "./shop.ts";

let place: Place;
beforeEach(() => {
  place = aPlace();
});
afterEach(() => place.close());

test("a target that already runs is used as it is, awaited, and never stopped", async () => {
  const port = await freePort();
  const [program = "", ...args] = place.server;
  const shop = spawn(program, args, { env: { ...process.env, PORT: String(port) }, stdio: "ignore" });
  const url = `http://127.0.0.1:${String(port)}`;
  const plan = aPlan(place, { stack: { redisNodes: 0 }, target: { start: null, url: `${url}/` } });
  const stack = await place.stack.up(plan, place.options());
  expect(stack.servers).toEqual([url]);
  expect(stack.variables["port"]).toBe(port);
  await stack.down();
  expect((await ask(url)).pid).toBe(shop.pid);
  shop.kill("SIGKILL");
});

test("a target that should be running and is not: exit 5 with what was awaited", async () => {
  const url = `http://127.0.0.1:${String(await freePort())}`;
  const ready = { path: "/health", status: 200, withinMs: 200 };
  const up = place.stack.up(
    aPlan(place, { stack: { redisNodes: 0 }, target: { start: null, url, ready } }),
    place.options(),
  );
  await expect(up).rejects.toMatchObject({ exit: 5 });
  await expect(up).rejects.toThrow(`awaited GET ${url}/health with status 200 for 0.2 s, found connection refused`);
});

test("a Redis that was already there is handed on as not ours, and outlives the stack", async () => {
  const redis = await startRedis();
  const plan = aPlan(place, {
    stack: { redisNodes: 0, externalRedis: [redis.url] },
    start: { env: { PORT: "${port}", REDIS_URL: "${redis.url}" } },
  });
  const stack = await place.stack.up(plan, place.options());
  expect(stack.redis).toEqual([{ name: "redis", url: redis.url, owned: false }]);
  expect((await ask(stack.servers[0])).env["REDIS_URL"]).toBe(redis.url);
  await stack.down();
  expect(await redis.client.ping()).toBe("PONG");
  await redis.stop();
});

test("a Redis that should be there and is not: exit 5, without its password", async () => {
  const address = `127.0.0.1:${String(await freePort())}`;
  const plan = aPlan(place, { stack: { redisNodes: 0, externalRedis: [`redis://:secret@${address}`] } });
  const up = place.stack.up(plan, place.options());
  await expect(up).rejects.toMatchObject({ exit: 5 });
  await expect(up).rejects.toThrow(
    `Redis cannot be reached: redis at redis://${address}, expected a connection, found connection refused`,
  );
  expect(processesOf(place)).toEqual([]);
});
