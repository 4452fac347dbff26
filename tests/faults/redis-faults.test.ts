import { Redis } from "ioredis";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { clientPauseFault, pausesOf } from "../../src/faults/client-pause.ts";
import { scriptFlushFault } from "../../src/faults/script-flush.ts";
import type { RedisNode, StackControls } from "../../src/stacks/stack.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";

let redis: TestRedis;
let node: RedisNode;
beforeEach(async () => {
  redis = await startRedis();
  node = { name: "redis", url: redis.url, owned: true };
  return () => redis.stop();
});

/** Nothing that these faults do needs more of a stack than its answers. */
const controls = {
  answered: () => redis.client.ping().then(() => undefined),
} as Partial<StackControls> as StackControls;

function another(): Redis {
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  return client;
}

test("a paused node answers nobody until the pause is ended, however long it was meant to last", async () => {
  const fault = clientPauseFault({ kind: "client_pause", nodes: [0] }, [node], controls, pausesOf([node]));
  let hits = 0;
  await fault.inject(() => (hits += 1));
  expect(hits).toBe(1);
  const answers: string[] = [];
  const asked = another()
    .set("stock:1", "5")
    .then((answer) => answers.push(answer));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(answers).toEqual([]);
  await fault.undo();
  await fault.answered();
  await asked;
  expect(answers).toEqual(["OK"]);
});

test("a node that is gone cannot be paused, and the fault says so", async () => {
  const fault = clientPauseFault({ kind: "client_pause", nodes: [0] }, [node], controls, pausesOf([node]));
  await redis.stop();
  await expect(fault.inject(() => undefined)).rejects.toThrow(
    "fault: MONITOR on redis: expected OK, found the connection closed",
  );
  await fault.undo();
});

test("a script flush makes a node forget what it was taught", async () => {
  const digest = String(await redis.client.script("LOAD", "return 1"));
  expect(await redis.client.evalsha(digest, 0)).toBe(1);
  const fault = scriptFlushFault({ kind: "script_flush", nodes: [0] }, [node]);
  let hits = 0;
  await fault.inject(() => (hits += 1));
  expect(hits).toBe(1);
  await expect(redis.client.evalsha(digest, 0)).rejects.toThrow("NOSCRIPT");
});

test("nodes that a fault does not name are left alone", async () => {
  await redis.stop();
  await scriptFlushFault({ kind: "script_flush", nodes: [1] }, [node]).inject(() => undefined);
  await clientPauseFault({ kind: "client_pause", nodes: [1] }, [node], controls, pausesOf([node])).inject(
    () => undefined,
  );
});
