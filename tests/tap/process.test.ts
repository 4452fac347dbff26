import { once } from "node:events";
import { statSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import { wireLogOf } from "../../src/domain/wire-lines.ts";
import { connectTap } from "../../src/tap/client.ts";
import { closing } from "../support/closing.ts";
import { freePort } from "../support/free-port.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";
import { optionsFor, runTap, startTap, type TestTap } from "./support/start-tap.ts";

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

async function logOnDisk(): Promise<ReturnType<typeof wireLogOf>> {
  return wireLogOf((await readFile(tap.options.log, "utf8")).split("\n"), 0n);
}

test("a port that is taken ends the tap with one line that names it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lockbench-tap-"));
  const options = await optionsFor(folder, [redis.port], 1);
  const result = await runTap({ ...options, links: tap.options.links });
  const port = String(tap.ports[0]);
  expect(result.stderr).toBe(`tap: port taken: ${port} on 127.0.0.1, expected a free port (EADDRINUSE)`);
  expect(result.stdout).toBe("");
  expect(result.exitCode).toBe(5);
  const control = await runTap({ ...options, control: tap.options.control });
  expect(control.stderr).toContain(`port taken: ${String(tap.options.control)}`);
  const nowhere = await runTap({ ...options, log: join(folder, "missing", "wire.ndjson") });
  expect(nowhere).toMatchObject({ exitCode: 5, stderr: expect.stringContaining("ENOENT") as string });
  await rm(folder, { recursive: true });
});

test.each(["SIGTERM", "order"] as const)("on %s the tap writes what it knows, and ends", async (how) => {
  const client = new Redis({ host: "127.0.0.1", port: tap.ports[0] ?? 0, retryStrategy: null });
  client.on("error", () => undefined);
  await client.set("lock:1", "me");
  const blocked = client.blpop("lock:queue", 0).catch(() => "cut off");
  while ((await tap.client.status()).commands < 2) await redis.client.ping();
  if (how === "SIGTERM") tap.process.kill("SIGTERM");
  else await tap.client.end();
  expect(await tap.process).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await blocked).toBe("cut off");
  const log = await logOnDisk();
  expect(log.lost).toEqual([]);
  expect(log.commands).toMatchObject([
    { words: ["SET", "lock:1", "me"], reply: "OK" },
    { words: ["BLPOP", "lock:queue", "0"], reply: null, repliedAt: null },
  ]);
});

test("the log of a tap that was killed says that it breaks off, and orders to it fail", async () => {
  const client = new Redis({ host: "127.0.0.1", port: tap.ports[0] ?? 0, retryStrategy: null });
  client.on("error", () => undefined);
  await client.set("lock:1", "me");
  await tap.client.read(0n);
  const before = statSync(tap.options.log).size;
  for (let at = 0; at < 1000; at += 1) void client.set("lock:1", "me").catch(() => undefined);
  // A part of it is on disk, and the rest is not.
  while (statSync(tap.options.log).size === before) await client.ping();
  const closed = closing(client);
  tap.process.kill("SIGKILL");
  await tap.process;
  await closed;
  await expect(tap.client.status()).rejects.toMatchObject({ code: "TAP_FAILED", exit: 5 });
  await expect(connectTap(tap.options.control)).rejects.toThrow(/expected a tap, found nobody/);
  expect((await logOnDisk()).lost.at(-1)).toMatch(/breaks off/);
});

test("a node that is killed in the middle of a command: the server is cut off, the command stays without a reply", async () => {
  const socket = createConnection({ host: "127.0.0.1", port: tap.ports[0] ?? 0 });
  socket.on("error", () => undefined);
  socket.write("BLPOP lock:queue 0\r\n");
  while (!String(await redis.client.client("LIST")).includes("cmd=blpop")) await redis.client.ping();
  const closed = closing(socket);
  socket.resume();
  await redis.stop();
  await closed;
  const log = await tap.client.read(0n);
  expect(log.commands).toMatchObject([{ forwardedAt: expect.any(Number) as number, repliedAt: null, reply: null }]);
  expect(log.lost).toEqual([]);

  const next = createConnection({ host: "127.0.0.1", port: tap.ports[0] ?? 0 });
  expect(await once(next, "error")).toMatchObject([{ code: "ECONNRESET" }]);
});

test("orders that make no sense are answered with what was expected", async () => {
  const socket = createConnection({ host: "127.0.0.1", port: tap.options.control });
  socket.write('{"id":7,"op":"dance"}\nnonsense\n');
  let answers = "";
  for await (const chunk of socket) {
    answers += String(chunk);
    if (answers.split("\n").length > 2) break;
  }
  const [first, second] = answers.split("\n").map((line) => (line === "" ? null : (JSON.parse(line) as unknown)));
  expect(first).toMatchObject({
    id: 7,
    error: expect.stringContaining("expected one of begin, shape, flush") as string,
  });
  expect(second).toMatchObject({ id: null, error: expect.stringContaining("JSON") as string });
});

test("a slow reader slows the sender down, and nothing is lost", async () => {
  const size = 64 * 1024 * 1024;
  const port = await freePort();
  const node = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end(Buffer.alloc(size, "x"));
  });
  node.listen(port, "127.0.0.1");
  await once(node, "listening");
  const other = await startTap([port]);
  const socket = createConnection({ host: "127.0.0.1", port: other.ports[0] ?? 0 });
  await once(socket, "connect");
  socket.pause();
  while ((await other.client.status()).lost === 0) await redis.client.ping();
  const status = await readFile(`/proc/${String(other.process.pid)}/status`, "utf8").catch(() => "VmRSS: 0 kB");
  expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024).toBeLessThan(100 * 1024 * 1024 + size / 2);
  let read = 0;
  for await (const chunk of socket) read += (chunk as Buffer).length;
  expect(read).toBe(size);
  node.close();
  await other.stop();
});
