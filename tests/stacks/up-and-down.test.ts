import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import { namesIn } from "../../src/stacks/sessions/folders.ts";
import { aPlace, aPlan, ask, type Place, processesOf, until } from "./shop.ts";

let place: Place;
beforeEach(() => {
  place = aPlace();
});
afterEach(() => place.close());

test("up starts the Redis nodes and servers of the plan, and down leaves nothing of them", async () => {
  const stack = await place.stack.up(aPlan(place, { stack: { redisNodes: 3, replicas: 2 } }), place.options());
  expect(stack.redis.map((node) => node.name)).toEqual(["redis", "redis1", "redis2"]);
  expect(stack.redis.every((node) => node.owned)).toBe(true);
  const pids = await Promise.all(stack.servers.map(async (server) => (await ask(server)).pid));
  expect(new Set(pids).size).toBe(2);
  expect(processesOf(place).length).toBe(5);
  expect(await stack.casualties()).toEqual([]);

  await stack.down();
  await stack.down();
  expect(processesOf(place)).toEqual([]);
  expect(namesIn(place.runtime.folder)).toEqual(["ports"]);
  expect(readdirSync(join(place.runtime.folder, "ports"))).toEqual([]);
});

test("commands and environments are filled in, and nothing is set that the scenario does not ask for", async () => {
  const env = {
    PORT: "${port}",
    REDIS: "${redis.url} ${redis.urls} ${redis.host} ${redis.port}",
    FILE: "${data}/shop.db",
    REST: "${lock} ${seed} ${replica} ${products} ${stock} ${scenario} ${run}",
    ROOT: "${lockbench}",
  };
  const plan = aPlan(place, { stack: { redisNodes: 2 }, start: { env, command: [...place.server, "--port=${port}"] } });
  const stack = await place.stack.up(plan, place.options());
  const said = await ask(stack.servers[0]);
  const [first, second] = stack.redis.map((node) => node.url);
  const redisPort = new URL(first ?? "").port;
  expect(said.args).toEqual([`--port=${said.env["PORT"] ?? ""}`]);
  expect(said.env["REDIS"]).toBe(`${first ?? ""} ${first ?? ""},${second ?? ""} 127.0.0.1 ${redisPort}`);
  expect(said.env["FILE"]).toBe(`${String(stack.variables["data"])}/shop.db`);
  expect(existsSync(String(stack.variables["data"]))).toBe(true);
  expect(said.env["REST"]).toBe(`fifo 7 0 1,2 100 ${place.folder} ${stack.id}`);
  expect(JSON.parse(readFileSync(join(said.env["ROOT"] ?? "", "package.json"), "utf8"))).toMatchObject({
    name: "lockbench",
  });
  expect(said.env["LOCKBENCH_SESSION"]).toBe(stack.id);
  expect(said.env["REDIS_URL"]).toBe(process.env["REDIS_URL"]);
  expect(String(stack.variables["port"])).toBe(said.env["PORT"]);
  await stack.down();
});

test("a Redis node keeps nothing on disk and listens on the loopback address alone", async () => {
  const stack = await place.stack.up(aPlan(place), place.options());
  const client = new Redis(stack.redis[0]?.url ?? "", { protocol: 2 });
  expect(await client.config("GET", "save")).toContain("");
  expect(await client.config("GET", "appendonly")).toContain("no");
  expect(await client.config("GET", "bind")).toContain("127.0.0.1");
  client.disconnect();
  await stack.down();
});

test("a shop without Redis gets none", async () => {
  const stack = await place.stack.up(aPlan(place, { stack: { redisNodes: 0 } }), place.options());
  expect(stack.redis).toEqual([]);
  expect(processesOf(place).length).toBe(1);
  await stack.down();
});

test("a server that dies after it was ready is a casualty, with how it ended and the end of its log", async () => {
  const stack = await place.stack.up(aPlan(place), place.options());
  process.kill((await ask(stack.servers[0])).pid, "SIGKILL");
  const [line] = await until("a casualty", async () => {
    const dead = await stack.casualties();
    return dead.length > 0 ? dead : undefined;
  });
  expect(line).toEqual({ what: "app died: killed by SIGKILL; its log ends: listening", byOthers: true });
  await stack.down();
  expect(await stack.casualties()).toEqual([]);
});

test("a shell that starts the server is stopped together with the server", async () => {
  const [node = "", file = ""] = place.server;
  const plan = aPlan(place, { start: { command: ["sh", "-c", `${node} ${file} & wait`] } });
  const stack = await place.stack.up(plan, place.options());
  const { pid } = await ask(stack.servers[0]);
  await stack.down();
  expect(place.runtime.processes.startTime(pid)).toBeUndefined();
});

test("a server that left its process group is stopped all the same", async () => {
  const plan = aPlan(place, { start: { command: ["sh", "-c", `setsid node ${place.server[1] ?? ""} & sleep 60`] } });
  const stack = await place.stack.up(plan, place.options());
  const { pid } = await ask(stack.servers[0]);
  await stack.down();
  expect(place.runtime.processes.startTime(pid)).toBeUndefined();
  expect(processesOf(place)).toEqual([]);
});

test("a server that ignores SIGTERM is killed, and so is one that is frozen", async () => {
  const stubborn = place.program("stubborn.mjs", `process.on("SIGTERM", () => {}); await import("./server.mjs");`);
  const plan = aPlan(place, { start: { command: stubborn, stopWithinMs: 50 }, stack: { replicas: 2 } });
  const stack = await place.stack.up(plan, place.options());
  const pids = await Promise.all(stack.servers.map(async (server) => (await ask(server)).pid));
  process.kill(pids[1] ?? 0, "SIGSTOP");
  await stack.down();
  expect(pids.map((pid) => place.runtime.processes.startTime(pid))).toEqual([undefined, undefined]);
});
