import { createHash } from "node:crypto";
import { execa } from "execa";
import { Redis } from "ioredis";
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

function cli(args: readonly string[], input = ""): Promise<{ stdout: string }> {
  return execa("redis-cli", ["-h", "127.0.0.1", "-p", String(tap.ports[0]), ...args], { input });
}

const RELEASE = 'if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end return 0';
const SHA = createHash("sha1").update(RELEASE).digest("hex");

test("a script that spells the keys itself is recorded, by its text and by its hash", async () => {
  const client = tap.through();
  const text = 'return redis.call("del", "lock:stock:" .. ARGV[1])';
  const sha = createHash("sha1").update(text).digest("hex");
  await client.eval(text, 0, "1");
  await client.evalsha(sha, 0, "1");
  await client.eval("return 1", 0);

  const log = await tap.client.read(0n);
  expect(gist(log.commands)).toEqual([
    ["EVAL", sha, "0", "1", 0],
    ["EVALSHA", sha, "0", "1", 0],
  ]);
});

test("a script that puts names together is recorded, whatever it is given", async () => {
  const client = tap.through();
  const text = `return redis.call("exists", "lo" .. "ck:" .. ARGV[1])`;
  const sha = createHash("sha1").update(text).digest("hex");
  await client.eval(text, 0, "1");
  await client.evalsha(sha, 0, "1");
  await client.eval("return redis.call('exists', ARGV[1])", 0, "1");
  expect(gist(await tap.commands())).toEqual([
    ["EVAL", sha, "0", "1", 0],
    ["EVALSHA", sha, "0", "1", 0],
  ]);
});

test("a new log knows in which database its connections are", async () => {
  const client = tap.through();
  await client.select(3);
  await tap.client.begin();
  await client.set("stock:1", "5");
  expect(gist(await tap.commands())).toEqual([
    ["SELECT", "3", "OK"],
    ["SET", "stock:1", "5", "OK"],
  ]);
});

test.each([2, 3] as const)("locks and stock are recorded with their replies, in RESP%i", async (protocol) => {
  const client = tap.through(protocol);
  await client.set("lock:stock:1", "me", "PX", 5000, "NX");
  await client.set("lock:stock:1", "you", "PX", 5000, "NX");
  await client.set("other", "1");
  await client.decr("stock:1");
  await client.hset("stock:h", "left", "3");
  await client.hgetall("stock:h");
  await expect(client.incr("stock:h")).rejects.toThrow("WRONGTYPE");
  await client.eval(RELEASE, 1, "lock:stock:1", "me");
  await client.evalsha(SHA, 1, "lock:stock:1", "me");

  const log = await tap.client.read(0n);
  expect(gist(log.commands)).toEqual([
    ["SET", "lock:stock:1", "me", "PX", "5000", "NX", "OK"],
    ["SET", "lock:stock:1", "you", "PX", "5000", "NX", null],
    ["DECR", "stock:1", -1],
    ["HSET", "stock:h", "left", "3", 1],
    ["HGETALL", "stock:h", ["left", "3"]],
    ["INCR", "stock:h", { error: "WRONGTYPE Operation against a key holding the wrong kind of value" }],
    ["EVAL", SHA, "1", "lock:stock:1", "me", 1],
    ["EVALSHA", SHA, "1", "lock:stock:1", "me", 0],
  ]);
  expect([...log.scripts]).toEqual([[SHA, RELEASE]]);
  expect(log.lost).toEqual([]);
});

test("the stamps of a command are in the order of its way, on the clock of the machine", async () => {
  const client = tap.through();
  await client.ping();
  const before = process.hrtime.bigint();
  await client.set("lock:1", "me");
  const after = process.hrtime.bigint();
  const [command] = (await tap.client.read(before)).commands;
  const stamps = [0, command?.sentAt, command?.forwardedAt, command?.repliedAt, command?.deliveredAt];
  expect(stamps).toEqual(stamps.toSorted((a, b) => Number(a) - Number(b)));
  expect(Number(command?.deliveredAt)).toBeLessThanOrEqual(Number(after - before));
});

test("servers, nodes and connections are told apart", async () => {
  await tap.stop();
  tap = await startTap([redis.port, redis.port], 2);
  for (const [at, port] of tap.ports.entries()) {
    const client = tap.keep(new Redis({ host: "127.0.0.1", port }));
    await client.set(`lock:${String(at)}`, "me");
  }
  const seen = (await tap.commands()).map(({ server, node, words }) => [server, node, words[1]]);
  expect(seen).toEqual([
    [0, 0, "lock:0"],
    [0, 1, "lock:1"],
    [1, 0, "lock:2"],
    [1, 1, "lock:3"],
  ]);
  expect(new Set((await tap.commands()).map(({ connection }) => connection)).size).toBe(4);
});

test.each([2, 3] as const)("commands of a transaction have the replies that EXEC gave, in RESP%i", async (protocol) => {
  const client = tap.through(protocol);
  await client.multi().set("stock:1", "5").decr("stock:1").get("other").exec();
  await client.multi({ pipeline: false });
  await client.set("stock:1", "9");
  await client.discard();
  await client.watch("stock:1");
  await redis.client.set("stock:1", "7");
  await client.multi().set("stock:1", "8").exec();
  await client.get("stock:1");

  const notExecuted = { error: "EXECABORT the transaction was not executed" };
  expect(gist(await tap.commands())).toEqual([
    ["SET", "stock:1", "5", "OK"],
    ["DECR", "stock:1", 4],
    ["SET", "stock:1", "9", notExecuted],
    ["WATCH", "stock:1", "OK"],
    ["SET", "stock:1", "8", notExecuted],
    ["GET", "stock:1", "7"],
  ]);
});

test("a blocking command is recorded while it waits, and again when it is answered", async () => {
  const client = tap.through();
  await client.ping();
  const popped = client.blpop("lock:queue", 0);
  while (!String(await redis.client.client("LIST")).includes("cmd=blpop")) await redis.client.ping();
  expect(await tap.commands()).toMatchObject([{ words: ["BLPOP", "lock:queue", "0"], repliedAt: null, reply: null }]);
  await redis.client.rpush("lock:queue", "next");
  await popped;
  expect(gist(await tap.commands())).toEqual([["BLPOP", "lock:queue", "0", ["lock:queue", "next"]]]);
});

test("what redis-cli pipes in arrives whole, huge values too, and is recorded cut", async () => {
  const huge = "x".repeat(5_000_000);
  const one = (key: string): string => `*3\r\n$3\r\nSET\r\n$${String(key.length)}\r\n${key}\r\n$1\r\n1\r\n`;
  const commands = Array.from({ length: 2000 }, (_, at) => one(`stock:${String(at)}`));
  const { stdout } = await cli(["--pipe"], commands.join(""));
  expect(stdout).toContain("errors: 0, replies: 2000");
  await cli(["-x", "set", "stock:huge"], huge);
  expect((await cli(["get", "stock:huge"])).stdout).toBe(huge);

  const log = await tap.client.read(0n);
  expect(log.commands.length).toBe(2002);
  expect(log.commands.every(({ reply }) => reply !== null)).toBe(true);
  const [set, get] = log.commands.slice(-2);
  expect(set?.words[2]).toBe(`${"x".repeat(1024)}… (5000000 bytes)`);
  expect(get?.reply).toBe(`${"x".repeat(1024)}… (5000000 bytes)`);
});

test("redis-benchmark gets through, and each of its commands is in the log", async () => {
  const args = ["-n", "3500", "-c", "5", "-P", "7", "-q", "SET", "stock:__rand_int__", "1"];
  const { stdout } = await execa("redis-benchmark", ["-h", "127.0.0.1", "-p", String(tap.ports[0]), ...args]);
  expect(stdout).toContain("requests per second");
  const log = await tap.client.read(0n);
  expect(log.commands.length).toBe(3500);
  expect(log.commands.filter(({ reply, deliveredAt }) => reply !== "OK" || deliveredAt === null)).toEqual([]);
});

test("the log of a race for locks is what MONITOR saw", async () => {
  const watcher = redis.client.duplicate();
  const monitor = await watcher.monitor();
  for (const client of [watcher, monitor]) tap.keep(client);
  const seen: string[][] = [];
  monitor.on("monitor", (_: string, args: string[]) => {
    if (/^(SET|DEL)$/i.test(args[0] ?? "")) seen.push([(args[0] ?? "").toUpperCase(), ...args.slice(1)]);
  });
  const racers = [tap.through(2), tap.through(3), tap.through(2)];
  await Promise.all(
    racers.map(async (racer, who) => {
      for (let round = 0; round < 40; round += 1) {
        const won = await racer.set("lock:1", `${String(who)}-${String(round)}`, "PX", 60_000, "NX");
        if (won === "OK") await racer.del("lock:1");
      }
    }),
  );
  const commands = await tap.commands();
  await redis.client.set("end", "1");
  while (seen.at(-1)?.[1] !== "end") await redis.client.ping();

  const asText = (words: readonly string[]): string => words.join(" ");
  expect(commands.map(({ words }) => asText(words)).toSorted()).toEqual(seen.slice(0, -1).map(asText).toSorted());
  expect(overlaps(commands.filter(({ words, reply }) => words[0] === "SET" && reply === "OK").length, commands)).toBe(
    0,
  );
});

/** Certain holds of the lock that overlap: from the grant's reply to the release's sending. */
function overlaps(grants: number, commands: Awaited<ReturnType<TestTap["commands"]>>): number {
  const edges = commands.flatMap(({ words, reply, repliedAt, sentAt }) => {
    if (words[0] === "DEL") return [{ at: sentAt, step: -1 }];
    return reply === "OK" ? [{ at: repliedAt ?? 0, step: 1 }] : [];
  });
  expect(edges.length).toBe(2 * grants);
  let held = 0;
  return edges.toSorted((a, b) => a.at - b.at).filter(({ step }) => (held += step) > 1).length;
}

test("a new log begins empty, knows the scripts of before, and what is still on its way", async () => {
  const client = tap.through();
  const sha = await client.script("LOAD", RELEASE);
  await client.set("stock:1", "1");
  const other = tap.through();
  await other.ping();
  const popped = other.blpop("lock:queue", 0);
  while (!String(await redis.client.client("LIST")).includes("cmd=blpop")) await redis.client.ping();
  await tap.client.begin();
  await client.evalsha(String(sha), 1, "lock:1", "me");
  await redis.client.rpush("lock:queue", "1");
  await popped;
  const log = await tap.client.read(0n);
  expect(gist(log.commands)).toEqual([
    ["BLPOP", "lock:queue", "0", ["lock:queue", "1"]],
    ["EVALSHA", SHA, "1", "lock:1", "me", 0],
  ]);
  expect(log.scripts.get(SHA)).toBe(RELEASE);
});

test("passwords are never recorded", async () => {
  await typed(tap.ports[0] ?? 0, ["AUTH lock:secret", "HELLO 2 AUTH stock:me lock:secret", "PING"], "+PONG\r\n");
  expect(await tap.commands()).toEqual([]);
});
