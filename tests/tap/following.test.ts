import { afterEach, beforeEach, expect, test } from "vitest";
import { startRedis, type TestRedis } from "../support/redis-server.ts";
import { gist, startTap, type TestTap, typed } from "./support/start-tap.ts";

let redis: TestRedis;
let tap: TestTap;
beforeEach(async () => {
  redis = await startRedis();
  tap = await startTap([redis.port]);
});
afterEach(async () => {
  await tap.stop();
  await redis.stop();
});

test.each([2, 3] as const)("messages to subscribers are no replies, in RESP%i", async (protocol) => {
  const client = tap.through(protocol);
  const messages: string[] = [];
  const three = new Promise<void>((resolve) => {
    client.on("message", (_, text: string) => {
      messages.push(text);
      if (messages.length === 3) resolve();
    });
  });
  await client.subscribe("lock:a", "lock:b");
  await client.psubscribe("news.*");
  for (const text of ["1", "2", "3"]) await redis.client.publish("lock:a", text);
  await three;
  await client.punsubscribe("news.*");
  await client.unsubscribe("lock:a", "lock:b");
  expect(await client.get("stock:1")).toBe(null);
  await client.incr("stock:1");

  expect(messages).toEqual(["1", "2", "3"]);
  const log = await tap.client.read(0n);
  expect(gist(log.commands).slice(-2)).toEqual([
    ["GET", "stock:1", null],
    ["INCR", "stock:1", 1],
  ]);
  expect(log.lost).toEqual([]);
});

test.each([2, 3])("leaving all channels at once is confirmed once for each, in RESP%i", async (protocol) => {
  const leaving = ["UNSUBSCRIBE", "SUBSCRIBE a b a", "PSUBSCRIBE c*", "UNSUBSCRIBE", "PUNSUBSCRIBE", "INCR stock:1"];
  await typed(tap.ports[0] ?? 0, [`HELLO ${String(protocol)}`, "INCR stock:1", ...leaving], ":2\r\n");
  expect(gist(await tap.commands())).toEqual([
    ["INCR", "stock:1", 1],
    ["INCR", "stock:1", 2],
  ]);
});

test("invalidations of client tracking are no replies", async () => {
  const client = tap.through(3);
  await client.client("TRACKING", "ON");
  await client.get("stock:1");
  await redis.client.set("stock:1", "1");
  await client.get("stock:1");
  await client.incr("stock:1");
  expect(gist(await tap.commands())).toEqual([
    ["GET", "stock:1", null],
    ["GET", "stock:1", "1"],
    ["INCR", "stock:1", 2],
  ]);
});

test("CLIENT REPLY OFF and SKIP leave commands without a reply, and the next ones with theirs", async () => {
  const lines = [
    "CLIENT REPLY SKIP",
    "SET stock:1 1",
    "INCR stock:1",
    "CLIENT REPLY OFF",
    "INCR stock:1",
    "SET other 1",
    "CLIENT REPLY ON",
    "INCR stock:1",
  ];
  await typed(tap.ports[0] ?? 0, lines, "+OK\r\n:4\r\n");
  expect(gist(await tap.commands())).toEqual([
    ["SET", "stock:1", "1", null],
    ["INCR", "stock:1", 2],
    ["INCR", "stock:1", null],
    ["INCR", "stock:1", 4],
  ]);
});

test("inline commands with quotes, HELLO, MONITOR and RESET are followed", async () => {
  const answers = await typed(
    tap.ports[0] ?? 0,
    ["", "hello 3", 'set stock:"a" "x\\x41\\n"', "monitor", "get stock:a", "reset", "  get   'stock:a'"],
    "$3\r\nxA\n\r\n",
  );
  expect(answers).toContain("+RESET\r\n");
  expect(gist(await tap.commands())).toEqual([
    ["SET", "stock:a", "xA\n", "OK"],
    ["GET", "stock:a", { error: "ERR Replica can't interact with the keyspace" }],
    ["GET", "stock:a", "xA\n"],
  ]);
});

test("a connection that speaks no RESP is passed on, and told among the lost", async () => {
  expect(await typed(tap.ports[0] ?? 0, ["*2", "+SET", "stock:1"], "\r\n")).toMatch(/^-ERR Protocol error/);
  const log = await tap.client.read(0n);
  expect(log.lost).toEqual([expect.stringContaining("of server 0 to node 0: expected the length of a word")]);
});
