import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { WireRule } from "../../src/domain/wire.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";
import { gist, startTap, type TestTap } from "./support/start-tap.ts";

let redis: TestRedis;
let tap: TestTap;
let clients: Redis[] = [];
beforeEach(async () => {
  redis = await startRedis();
  tap = await startTap([redis.port, redis.port]);
});
afterEach(async () => {
  for (const client of clients) client.disconnect();
  clients = [];
  await tap.stop();
  await redis.stop();
});

function through(node = 0): Redis {
  const client = new Redis({ host: "127.0.0.1", port: tap.ports[node] ?? 0, retryStrategy: null });
  client.on("error", () => undefined);
  clients.push(client);
  return client;
}

async function connected(node = 0): Promise<Socket> {
  const socket = createConnection({ host: "127.0.0.1", port: tap.ports[node] ?? 0, noDelay: true });
  await once(socket, "connect");
  return socket;
}

function rule(rule: Partial<WireRule>): WireRule {
  return { servers: [0], nodes: [0], toNode: {}, toServer: {}, ...rule };
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const before = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - before) / 1e6;
}

test("bytes held on their way to the node arrive when the wire heals, and other nodes are not concerned", async () => {
  const [cut, other] = [through(0), through(1)];
  await Promise.all([cut.ping(), other.ping()]);
  await tap.client.shape([rule({ toNode: { hold: true } })]);
  const late = cut.set("lock:1", "late");
  await other.set("lock:2", "in time");
  expect(await redis.client.keys("*")).toEqual(["lock:2"]);
  expect(gist(await tap.commands())).toEqual([
    ["SET", "lock:1", "late", null],
    ["SET", "lock:2", "in time", "OK"],
  ]);
  expect((await tap.commands())[0]).toMatchObject({ forwardedAt: null, repliedAt: null, deliveredAt: null });

  await tap.client.shape([]);
  expect(await late).toBe("OK");
  expect(await redis.client.get("lock:1")).toBe("late");
});

test("replies held on their way to the server were given nevertheless", async () => {
  const client = through();
  await client.ping();
  await tap.client.shape([rule({ toServer: { hold: true } })]);
  const late = client.set("lock:1", "me");
  while ((await redis.client.get("lock:1")) === null) await redis.client.ping();
  const one = async (): Promise<unknown> => (await tap.commands())[0];
  await expect.poll(one).toMatchObject({ reply: "OK", repliedAt: expect.any(Number) as number, deliveredAt: null });
  await tap.client.shape([]);
  expect(await late).toBe("OK");
  expect(await one()).toMatchObject({ deliveredAt: expect.any(Number) as number });
});

test("a command that was held arrives even if its sender has given up", async () => {
  const socket = await connected();
  await tap.client.shape([rule({ toNode: { hold: true } })]);
  socket.write("SET lock:1 late\r\n");
  while ((await tap.commands()).length === 0) await redis.client.ping();
  socket.resetAndDestroy();
  await once(socket, "close");
  await tap.client.shape([]);
  await expect.poll(() => redis.client.get("lock:1")).toBe("late");
});

test("a connection made while the wire is cut is accepted, and led on when it heals", async () => {
  await tap.client.shape([rule({ toServer: { hold: true } })]);
  const socket = await connected();
  socket.write("SET lock:1 me\r\n");
  while ((await tap.commands()).length === 0) await redis.client.ping();
  expect(await redis.client.exists("lock:1")).toBe(0);
  await tap.client.shape([]);
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(String(answer)).toBe("+OK\r\n");
  socket.destroy();
});

test("latency of rules that meet adds up, in both directions, and leaves when they do", async () => {
  const client = through();
  await client.ping();
  await tap.client.shape([
    rule({ toNode: { latencyMs: 60 } }),
    rule({ toNode: { latencyMs: 40 }, toServer: { latencyMs: 50, jitterMs: 10 } }),
  ]);
  expect(await elapsed(() => client.set("lock:1", "me"))).toBeGreaterThanOrEqual(149);
  const [command] = await tap.commands();
  expect((command?.forwardedAt ?? 0) - (command?.sentAt ?? 0)).toBeGreaterThanOrEqual(99e6);
  expect((command?.deliveredAt ?? 0) - (command?.repliedAt ?? 0)).toBeGreaterThanOrEqual(49e6);

  const slow = tap.client.shape([rule({ toNode: { latencyMs: 3_600_000 } })]).then(() => client.get("lock:1"));
  while ((await tap.commands()).length < 2) await redis.client.ping();
  await tap.client.shape([]);
  expect(await slow).toBe("me");
});

test("jitter keeps the order of commands and replies", async () => {
  const client = through();
  await client.ping();
  await tap.client.shape([rule({ toNode: { jitterMs: 10 }, toServer: { jitterMs: 10 } })]);
  const counted: Promise<number>[] = [];
  for (let at = 0; at < 30; at += 1) {
    counted.push(client.incr("stock:1"));
    await redis.client.ping();
  }
  expect(await Promise.all(counted)).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
});

test("a narrow wire takes its time", async () => {
  const client = through();
  await client.ping();
  await redis.client.set("big", "x".repeat(10_000));
  await tap.client.shape([rule({ toServer: { bytesPerSecond: 50_000 } })]);
  expect(await elapsed(() => client.get("big"))).toBeGreaterThanOrEqual(180);
});

test("a reset ends connections, and new ones as soon as they are made", async () => {
  const old = await connected();
  const ended = once(old, "error");
  await tap.client.shape([rule({ reset: true })]);
  expect(await ended).toMatchObject([{ code: "ECONNRESET" }]);
  const next = createConnection({ host: "127.0.0.1", port: tap.ports[0] ?? 0 });
  expect(await once(next, "error")).toMatchObject([{ code: "ECONNRESET" }]);
  await tap.client.shape([]);
  expect(await through().ping()).toBe("PONG");
});

test("half-open: the tap accepts, and no node ever hears of it", async () => {
  const old = await connected();
  await tap.client.shape([rule({ halfOpen: true })]);
  const next = await connected();
  for (const socket of [old, next]) socket.write("SET lock:1 me\r\n");
  while ((await tap.commands()).length < 2) await redis.client.ping();
  expect(await redis.client.exists("lock:1")).toBe(0);
  const resets = Promise.all([once(old, "error"), once(next, "error")]);
  await tap.client.shape([]);
  expect((await resets).flat()).toMatchObject([{ code: "ECONNRESET" }, { code: "ECONNRESET" }]);
  expect(await redis.client.exists("lock:1")).toBe(0);
  expect(await tap.commands()).toMatchObject([{ forwardedAt: null }, { forwardedAt: null }]);
});

test("lost replies: the node did it, the server never learns, and is reset in the end", async () => {
  const [socket, idle] = [await connected(), await connected()];
  await tap.client.shape([rule({ loseReplies: true })]);
  socket.write("SET lock:1 me\r\n");
  await expect.poll(() => tap.commands()).toMatchObject([{ reply: "OK", deliveredAt: null }]);
  expect(await redis.client.get("lock:1")).toBe("me");
  const reset = once(socket, "error");
  await tap.client.shape([]);
  expect(await reset).toMatchObject([{ code: "ECONNRESET" }]);
  expect(socket.bytesRead).toBe(0);
  idle.write("PING\r\n");
  expect(String(((await once(idle, "data")) as [Buffer])[0])).toBe("+PONG\r\n");
  idle.destroy();
});

test("replies that were under way when replies began to be lost are lost too", async () => {
  const socket = await connected();
  await tap.client.shape([rule({ toServer: { latencyMs: 3_600_000 } })]);
  socket.write("SET lock:1 me\r\n");
  await expect.poll(() => tap.commands()).toMatchObject([{ reply: "OK", deliveredAt: null }]);
  await tap.client.shape([rule({ loseReplies: true })]);
  const reset = once(socket, "error");
  await tap.client.shape([]);
  expect(await reset).toMatchObject([{ code: "ECONNRESET" }]);
  expect(socket.bytesRead).toBe(0);
});
