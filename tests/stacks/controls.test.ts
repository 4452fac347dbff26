import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { listSessions, namesIn } from "../../src/stacks/sessions/folders.ts";
import { reap } from "../../src/stacks/sessions/reap.ts";
import { statusOf } from "../../src/stacks/sessions/status.ts";
import type { RunningStack, StackControls } from "../../src/stacks/stack.ts";
import { closing } from "../support/closing.ts";
import { isUp, startOwner } from "./owner.ts";
import { aPlace, aPlan, ask, type Place, type PlanChanges, processesOf } from "./shop.ts";

let place: Place;
beforeEach(() => {
  place = aPlace();
});
afterEach(() => place.close());

async function aStack(changes: PlanChanges = {}): Promise<RunningStack & { readonly controls: StackControls }> {
  const stack = await place.stack.up(aPlan(place, changes), place.options());
  onTestFinished(() => stack.down());
  const { controls } = stack;
  if (controls === null) throw new Error("a stack of our own has controls");
  return { ...stack, controls };
}

function clientOf(stack: RunningStack, url = stack.redis[0]?.url ?? ""): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  client.on("error", () => undefined);
  onTestFinished(() => client.disconnect());
  return client;
}

/** The state letter of a process, as /proc shows it; T: stopped. */
function stateOf(pid: number): string {
  const stat = existsSync(`/proc/${String(pid)}/stat`) ? readFileSync(`/proc/${String(pid)}/stat`, "utf8") : ") gone";
  return stat.slice(stat.lastIndexOf(")") + 2)[0] ?? "";
}

function pidOf(name: string): number {
  const [entry] = listSessions(place.runtime);
  return entry?.session.services.find((one) => one.name === name)?.process?.pid ?? 0;
}

test.each([
  ["lost", null],
  ["kept", "41"],
] as const)("a Redis node that is killed comes back on its port, with its data %s", async (data, expected) => {
  const stack = await aStack();
  const redis = clientOf(stack);
  await redis.set("stock:1", "41");
  const before = pidOf("redis");
  await stack.controls.kill("redis", data);
  expect(stateOf(before)).toMatch(/[gZ]/);
  expect(await stack.casualties()).toEqual([]);
  await stack.controls.restart("redis");
  await stack.controls.answered("redis");
  expect(await redis.get("stock:1")).toBe(expected);
  expect(pidOf("redis")).not.toBe(before);
  expect(await stack.casualties()).toEqual([]);
});

test("nothing that a node has answered before its kill is missing from the data that are kept", async () => {
  const stack = await aStack();
  const redis = clientOf(stack);
  const seen = { answered: 0, goesOn: true };
  const writing = (async () => {
    while (seen.goesOn) {
      const next = await redis.incr("written").catch(() => undefined);
      if (next !== undefined) seen.answered = next;
    }
  })();
  await expect.poll(() => seen.answered).toBeGreaterThan(50);
  await stack.controls.kill("redis", "kept");
  const told = seen.answered;
  seen.goesOn = false;
  await stack.controls.restart("redis");
  await stack.controls.answered("redis");
  await writing;
  expect(Number(await redis.get("written"))).toBeGreaterThanOrEqual(told);
});

test("a server that is killed comes back with the same environment, and its death is nobody's loss", async () => {
  const stack = await aStack({ start: { env: { PORT: "${port}", LOCK: "${lock}" } } });
  const before = await ask(stack.servers[0]);
  await stack.controls.kill("app", "lost");
  expect(await stack.casualties()).toEqual([]);
  await expect(ask(stack.servers[0])).rejects.toThrow("fetch failed");
  await stack.controls.restart("app");
  await stack.controls.answered("app");
  const after = await ask(stack.servers[0]);
  expect(after.pid).not.toBe(before.pid);
  expect(after.env).toEqual(before.env);
  await stack.down();
  expect(processesOf(place, stack.id)).toEqual([]);
});

test("a kill tells when it was sent, and that is before anybody was cut off", async () => {
  const stack = await aStack();
  const { hostname, port } = new URL(stack.servers[0] ?? "");
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  const cutOff = closing(socket);
  const asked = process.hrtime.bigint();
  const sent = await stack.controls.kill("app", "lost");
  expect(sent).toBeGreaterThanOrEqual(asked);
  expect(sent).toBeLessThan(await cutOff);
});

test("what dies by itself counts, before a fault and after it", async () => {
  const stack = await aStack({ stack: { redisNodes: 2 } });
  await stack.controls.kill("redis1", "lost");
  await stack.controls.restart("redis1");
  await stack.controls.answered("redis1");
  for (const name of ["redis", "redis1"]) process.kill(pidOf(name), "SIGKILL");
  await expect.poll(() => stack.casualties()).toHaveLength(2);
  await expect(stack.controls.kill("redis", "lost")).rejects.toThrow("redis has died by itself: killed by SIGKILL");
});

test("a service that is down already cannot be killed again", async () => {
  const stack = await aStack();
  await stack.controls.kill("redis", "lost");
  await expect(stack.controls.kill("redis", "lost")).rejects.toThrow("redis is down already");
  await expect(stack.controls.freeze("redis7")).rejects.toThrow("there is no service redis7");
});

test.each(["redis", "app"])("%s that is frozen answers again when it is thawed", async (name) => {
  const stack = await aStack();
  await stack.controls.freeze(name);
  await expect.poll(() => stateOf(pidOf(name))).toBe("T");
  await stack.controls.thaw(name);
  await stack.controls.answered(name);
  expect(stateOf(pidOf(name))).not.toBe("T");
  expect(await stack.casualties()).toEqual([]);
});

test("a stack goes down although its services are frozen or dead", async () => {
  const stack = await aStack({ stack: { redisNodes: 2, replicas: 2 } });
  await stack.controls.freeze("app");
  await stack.controls.freeze("redis");
  await stack.controls.kill("app1", "lost");
  await stack.down();
  expect(processesOf(place, stack.id)).toEqual([]);
});

test("a stack that stays is no use to anybody while a fault is in force, and goes with the one who broke it", async () => {
  const owner = startOwner(place, aPlan(place), { stays: true, thenExit: true });
  const up = await isUp(owner);
  await owner.exited();
  const [entry] = listSessions(place.runtime);
  if (entry === undefined) throw new Error("no session was written");
  const stack = await place.stack.attach(aPlan(place), place.options());
  stack?.controls?.inFault(true);
  await stack?.controls?.freeze("app");
  await stack?.down();
  expect(await place.stack.attach(aPlan(place), place.options())).toBeUndefined();
  expect(await reap(place.runtime)).toEqual([expect.stringContaining("left behind: app (pid")]);
  expect(processesOf(place, up.id)).toEqual([]);
  expect(namesIn(place.runtime.folder)).toEqual(["ports"]);
});

test("with a wire tap each server has addresses of its own, and what it says is recorded", async () => {
  const env = { PORT: "${port}", URLS: "${redis.urls}", FIRST: "${redis.url}" };
  const lockKeys = { lock: "lock:stock:${product}", guarded: "stock:${product}" };
  const stack = await aStack({
    stack: { redisNodes: 2, replicas: 2, tap: true },
    start: { env },
    target: { lockKeys },
  });
  const [app, app1] = await Promise.all(stack.servers.map((url) => ask(url)));
  const urls = [app, app1].flatMap((one) => one?.env["URLS"]?.split(",") ?? []);
  expect(new Set([...urls, ...stack.redis.map(({ url }) => url)]).size).toBe(6);
  const { wire } = stack.controls;
  if (wire === null) throw new Error("expected a tap");
  await wire.begin();
  const origin = process.hrtime.bigint();
  await clientOf(stack, app1?.env["URLS"]?.split(",")[1]).set("lock:stock:1", "token", "PX", 1000, "NX");
  const { commands } = await wire.read(origin);
  expect(commands).toMatchObject([{ server: 1, node: 1, words: ["SET", "lock:stock:1", "token", "PX", "1000", "NX"] }]);
  const [entry] = listSessions(place.runtime);
  if (entry === undefined) throw new Error("no session was written");
  const { services, healthy } = await statusOf(place.runtime, entry);
  expect(healthy).toBe(true);
  expect(services.map(({ name }) => name)).toContain("tap");
});
