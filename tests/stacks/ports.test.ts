import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findProgram } from "../../src/host/programs.ts";
import { createLocalStack } from "../../src/stacks/local.ts";
import { reserveFreePort, tryToReserve } from "../../src/stacks/sessions/ports.ts";
import { freePort } from "../support/free-port.ts";
import { aPlace, aPlan, ask, type Place } from "./shop.ts";

let place: Place;
let holders: Server[] = [];
beforeEach(() => {
  place = aPlace();
});
afterEach(async () => {
  await Promise.all(holders.map((server) => new Promise((resolve) => server.close(resolve))));
  holders = [];
  await place.close();
});

function hold(port: number): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  holders.push(server);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

test("a fixed port that is taken: exit 5, naming the port and who holds it", async () => {
  const port = await freePort();
  await hold(port);
  const up = place.stack.up(aPlan(place, { stack: { port } }), place.options());
  await expect(up).rejects.toMatchObject({ exit: 5, code: "PORT_TAKEN" });
  await expect(up).rejects.toThrow(
    new RegExp(`port taken: ${String(port)} on 127.0.0.1 is held by .*\\(pid ${String(process.pid)}\\)`),
  );
});

test("a fixed port that another stack of ours has: says whose", async () => {
  const port = await freePort();
  const first = await place.stack.up(aPlan(place, { stack: { port } }), place.options());
  const second = place.stack.up(aPlan(place, { stack: { port } }), place.options());
  await expect(second).rejects.toThrow(
    `${String(port)} on 127.0.0.1 is held by the lockbench stack of ${place.folder} (test_sale)`,
  );
  await first.down();
  const third = await place.stack.up(aPlan(place, { stack: { port } }), place.options());
  expect(third.servers).toEqual([`http://127.0.0.1:${String(port)}`]);
  await third.down();
});

/** A free port whose neighbour is held by this test; where the neighbour is somebody else's, another port is tried. */
async function portBeforeAHeldOne(): Promise<number> {
  for (;;) {
    const port = await freePort();
    const held = await hold(port + 1).then(
      () => true,
      () => false,
    );
    if (held) return port;
  }
}

test("replicas of a fixed port take the free ports behind it", async () => {
  const port = await portBeforeAHeldOne();
  const stack = await place.stack.up(aPlan(place, { stack: { port, replicas: 3 } }), place.options());
  const ports = stack.servers.map((server) => Number(new URL(server).port));
  expect(ports[0]).toBe(port);
  expect(ports).not.toContain(port + 1);
  expect(new Set(ports).size).toBe(3);
  await stack.down();
});

test("stacks that start at the same moment do not disturb each other", async () => {
  const plan = aPlan(place, { stack: { redisNodes: 2 } });
  const stacks = await Promise.all([1, 2, 3, 4].map(() => place.stack.up(plan, place.options())));
  const addresses = stacks.flatMap((stack) => [...stack.servers, ...stack.redis.map((node) => node.url)]);
  expect(new Set(addresses.map((address) => new URL(address).port)).size).toBe(12);
  await stacks[0]?.down();
  for (const stack of stacks.slice(1)) {
    expect((await ask(stack.servers[0])).env["LOCKBENCH_SESSION"]).toBe(stack.id);
    expect(await stack.casualties()).toEqual([]);
  }
  await Promise.all(stacks.map((stack) => stack.down()));
});

/** A redis-server that finds its port taken when it is called for the first time, by somebody who came a moment before. */
function unluckyRedis(): string {
  const real = findProgram(["redis-server", "valkey-server"], process.env) ?? "";
  place.program(
    "squat.mjs",
    `import { createServer } from "node:net"; import { spawnSync } from "node:child_process";
     createServer().listen(Number(process.argv[3]), "127.0.0.1", () => {
       process.exit(spawnSync(${JSON.stringify(real)}, process.argv.slice(2), { stdio: "inherit" }).status);
     });`,
  );
  const bin = join(place.folder, "bin");
  const marker = join(place.folder, "was-called");
  mkdirSync(bin);
  const script = `#!/bin/sh\n[ -e ${marker} ] && exec ${real} "$@"\ntouch ${marker}\nexec node ${place.folder}/squat.mjs "$@"\n`;
  writeFileSync(join(bin, "redis-server"), script, { mode: 0o755 });
  return bin;
}

test("a Redis whose port was taken in the last moment gets another one", async () => {
  const env = { ...place.runtime.env, PATH: `${unluckyRedis()}:${process.env["PATH"] ?? ""}` };
  const stack = await createLocalStack({ runtime: { ...place.runtime, env } }).up(aPlan(place), place.options());
  expect(existsSync(join(place.folder, "was-called"))).toBe(true);
  expect(stack.redis.length).toBe(1);
  const client = new Redis(stack.redis[0]?.url ?? "");
  expect(await client.ping()).toBe("PONG");
  client.disconnect();
  await stack.down();
});

test("a port reserved by one session is not given to another", async () => {
  const dice: number[] = [];
  const runtime = { ...place.runtime, chance: { ...place.runtime.chance, between: () => dice.shift() ?? 0 } };
  const stack = await place.stack.up(aPlan(place, { stack: { redisNodes: 0 } }), place.options());
  const [one, other] = [await freePort(), await freePort()];
  expect(await tryToReserve(runtime, stack.id, one)).toBe(true);
  dice.push(one, other);
  expect(await reserveFreePort(runtime, "another")).toBe(other);
  await stack.down();
  expect(await tryToReserve(runtime, "another", one)).toBe(true);
});
