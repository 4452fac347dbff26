import { beforeEach, expect, onTestFinished, test } from "vitest";
import { Redis } from "ioredis";
import { clientPauseFault, pausesOf } from "../../src/faults/client-pause.ts";
import { freezeFault, frozenBy } from "../../src/faults/freeze.ts";
import { killFault } from "../../src/faults/kill.ts";
import { SharedState } from "../../src/faults/shared-state.ts";
import type { RedisNode, StackControls } from "../../src/stacks/stack.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";

let redis: TestRedis;
let node: RedisNode;
beforeEach(async () => {
  redis = await startRedis();
  node = { name: "redis", url: redis.url, owned: true };
  return () => redis.stop();
});

/** A real Redis stands for every service; the kill alone is only noted. */
function controlsOf(notes: string[] = []): StackControls {
  const send = (signal: NodeJS.Signals): Promise<void> => {
    process.kill(redis.pid, signal);
    return Promise.resolve();
  };
  const some: Partial<StackControls> = {
    freeze: () => send("SIGSTOP"),
    thaw: () => send("SIGCONT"),
    kill: (service, data) => {
      notes.push(`kill ${service}, data ${data}`);
      return Promise.resolve(0n);
    },
    answered: () => redis.client.ping().then(() => undefined),
  };
  return some as StackControls;
}

/** Counts the answers to a question that is put to the node now. */
function ask(): { readonly answers: string[] } {
  const answers: string[] = [];
  const client = new Redis(redis.url, { retryStrategy: () => null });
  client.on("error", () => undefined);
  onTestFinished(() => client.disconnect());
  void client.set("stock:1", "5").then((answer) => answers.push(answer));
  return { answers };
}

const freeze = { kind: "freeze", nodes: [0], servers: [] } as const;
const pause = { kind: "client_pause", nodes: [0] } as const;
const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

test.each(["freeze", "client pause"])(
  "a node that two faults hold by a %s answers when the last of them has ended",
  async (kind) => {
    const controls = controlsOf();
    const frozen = frozenBy(controls);
    const paused = pausesOf([node]);
    const [first, second] = [0, 1].map(() =>
      kind === "freeze"
        ? freezeFault({ ...freeze }, controls, frozen)
        : clientPauseFault({ ...pause }, [node], controls, paused),
    );
    await first?.inject(() => undefined);
    await second?.inject(() => undefined);
    const { answers } = ask();
    await first?.undo();
    await aWhile();
    expect(answers).toEqual([]);
    await second?.undo();
    await expect.poll(() => answers).toEqual(["OK"]);
  },
);

test("a pause whose end was not heard by a frozen node can be ended when it moves again", async () => {
  const controls = controlsOf();
  const fault = clientPauseFault(pause, [node], controls, pausesOf([node], 100));
  await fault.inject(() => undefined);
  await controls.freeze("redis");
  await expect(fault.undo()).rejects.toThrow("fault: CLIENT UNPAUSE on redis: expected OK, found no answer");
  const { answers } = ask();
  await controls.thaw("redis");
  await fault.undo();
  await expect.poll(() => answers).toEqual(["OK"]);
});

test("a pause that died with its node is over, and ending it is no failure", async () => {
  const fault = clientPauseFault(pause, [node], controlsOf(), pausesOf([node]));
  await fault.inject(() => undefined);
  await redis.stop();
  await fault.undo();
});

test("a node that was killed while it was frozen can be frozen once more", async () => {
  const notes: string[] = [];
  const controls = controlsOf();
  const frozen = new SharedState(
    (service) => Promise.resolve(void notes.push(`freeze ${service}`)),
    (service) => Promise.resolve(void notes.push(`thaw ${service}`)),
  );
  const [first, second] = [freezeFault({ ...freeze }, controls, frozen), freezeFault({ ...freeze }, controls, frozen)];
  await first.inject(() => undefined);
  await killFault({ kind: "kill", nodes: [0], servers: [], keepData: false }, controls, [frozen]).inject(
    () => undefined,
  );
  await second.inject(() => undefined);
  await first.undo();
  expect(notes).toEqual(["freeze redis", "freeze redis"]);
  await second.undo();
  expect(notes).toEqual(["freeze redis", "freeze redis", "thaw redis"]);
});

test("a node that is held by another fault is not asked to save what it has, since it would not answer", async () => {
  const notes: string[] = [];
  const controls = controlsOf(notes);
  const paused = pausesOf([node]);
  const kept = killFault({ kind: "kill", nodes: [0], servers: [], keepData: true }, controls, [paused]);
  const first = clientPauseFault(pause, [node], controls, paused);
  await first.inject(() => undefined);
  await expect(kept.inject(() => undefined)).rejects.toThrow("redis cannot save its data before it is killed");
  await first.undo();
  await kept.inject(() => undefined);
  expect(notes).toEqual(["kill redis, data kept"]);
});
