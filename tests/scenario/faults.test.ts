import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockbenchError } from "../../src/domain/errors.ts";
import type { Plan } from "../../src/domain/plan.ts";
import { describePlan } from "../../src/scenario/describe-plan.ts";
import type { Overrides } from "../../src/scenario/overrides.ts";
import { readScenario } from "../../src/scenario/read-scenario.ts";
import { resolvePlan } from "../../src/scenario/resolve-plan.ts";
import { folderWith, SOUND } from "./folders.ts";

const FIVE = SOUND.replace("stack: { redis: 1 }", "stack: { redis: 5, replicas: 2 }");

async function planOf(yaml: string, overrides: Overrides = {}): Promise<Plan> {
  const cwd = await folderWith({ "sale/scenario.yaml": yaml });
  return resolvePlan(await readScenario(join(cwd, "sale/scenario.yaml"), { cwd }), overrides);
}

async function complaints(yaml: string, overrides: Overrides = {}): Promise<string> {
  const error: unknown = await planOf(yaml, overrides).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof LockbenchError)) throw new Error(`expected a LockbenchError, found ${String(error)}`);
  expect(error.exit).toBe(2);
  return error.message;
}

describe("faults", () => {
  it("are read with their targets, moments and lengths", async () => {
    const { faults, stack } = await planOf(`${FIVE}faults:
  - kill: { nodes: [redis1, redis2] }
    data: kept
    at: { sold: 30% }
    for: 1s
  - freeze: { servers: [app1], nodes: [redis] }
    at: 150ms
    for: 700ms
  - client_pause: { nodes: [redis4] }
    at: { between: [50ms, 300ms] }
  - script_flush: { nodes: [redis] }
    at: 1ms
  - partition: { servers: [app], nodes: [redis3, redis4], direction: to_node }
    at: 1ms
  - latency: { nodes: [redis2], delay: 20ms, jitter: 5ms }
    at: 1ms
`);
    expect(stack.tap).toBe(true);
    expect(faults).toEqual([
      {
        action: { kind: "kill", nodes: [1, 2], servers: [], keepData: true },
        at: { kind: "sold", share: 0.3 },
        forMs: 1000,
      },
      { action: { kind: "freeze", nodes: [0], servers: [1] }, at: { kind: "elapsed", ms: 150 }, forMs: 700 },
      { action: { kind: "client_pause", nodes: [4] }, at: { kind: "random", fromMs: 50, toMs: 300 }, forMs: null },
      { action: { kind: "script_flush", nodes: [0] }, at: { kind: "elapsed", ms: 1 }, forMs: null },
      {
        action: { kind: "partition", servers: [0], nodes: [3, 4], direction: "to_node" },
        at: { kind: "elapsed", ms: 1 },
        forMs: null,
      },
      {
        action: { kind: "latency", servers: [0, 1], nodes: [2], direction: "both", ms: 20, jitterMs: 5 },
        at: { kind: "elapsed", ms: 1 },
        forMs: null,
      },
    ]);
  });

  it("draw their targets with the seed where only a number is given", async () => {
    const yaml = `${FIVE}faults: [{ kill: { nodes: 2 }, at: 1ms }]\n`;
    const drawn = async (seed: number): Promise<readonly number[]> =>
      (await planOf(yaml, { seed })).faults[0]?.action.nodes ?? [];
    const all = await Promise.all(Array.from({ length: 12 }, (_, seed) => drawn(seed)));
    for (const nodes of all) {
      expect(new Set(nodes).size).toBe(2);
      expect(nodes.every((node) => node >= 0 && node < 5)).toBe(true);
    }
    expect(new Set(all.map(String)).size).toBeGreaterThan(3);
    expect(await drawn(7)).toEqual(await drawn(7));
  });

  it("are told by show, with the tap and what must be true of recovery and breaker", async () => {
    const yaml = FIVE.replace("  locks:", "  answer: { breaker: breaker }\n  locks:");
    const text = describePlan(
      await planOf(`${yaml}faults: [{ kill: { nodes: [redis1] }, at: { sold: 30% } }, { script_flush: { nodes: 1 }, at: 1s }]
expect: { recovery: 5s, breaker: { refusal_p99: 50ms } }
`),
    );
    expect(text).toContain("5 Redis nodes, 2 server processes, a wire tap between them");
    expect(text).toContain("kill redis1 (data lost) when 30 % of the units are sold, until the load has ended");
    expect(text).toMatch(/script flush on redis\d? 1000 ms after the first send/);
    const slow = "faults: [{ latency: { nodes: [redis], delay: 10ms, jitter: 5ms }, at: 1s }]\n";
    expect(describePlan(await planOf(`${FIVE}${slow}`))).toContain("latency of 10–15 ms between app, app1 and redis");
    expect(text).toContain("within 5 s of the last healing");
    expect(text).toContain("refuses with p99 within 50 ms");
  });

  it.each([
    [
      "of which there is none",
      "[{ kill: { nodes: [redis5] }, at: 1ms }]",
      'faults[0].kill.nodes[0]: expected only the Redis nodes redis, redis1, redis2, redis3, redis4, found "redis5"',
    ],
    [
      "more than there are",
      "[{ freeze: { servers: 3 }, at: 1ms }]",
      "faults[0].freeze.servers: expected only the servers app, app1, found 3",
    ],
    ["nobody", "[{ kill: {}, at: 1ms }]", "faults[0].kill: expected `nodes`, `servers` or both"],
    [
      "two kinds",
      "[{ kill: { nodes: 1 }, freeze: { nodes: 1 }, at: 1ms }]",
      "faults[0]: expected exactly one of kill, freeze, client_pause",
    ],
    [
      "no moment",
      "[{ kill: { nodes: 1 } }]",
      'faults[0].at: expected a duration after the first send, above zero, such as "150ms"',
    ],
    ["the very first moment", "[{ kill: { nodes: 1 }, at: 0ms }]", 'above zero, such as "150ms", {sold: "30%"}'],
    [
      "a node twice",
      "[{ kill: { nodes: [redis1, redis1] }, at: 1ms }]",
      'faults[0].kill.nodes[1]: expected each name once, found "redis1" again',
    ],
    [
      "what is down already",
      "[{ kill: { nodes: [redis1] }, at: 10ms, for: 500ms }, { kill: { nodes: [redis, redis1] }, at: 100ms }]",
      "faults[1].at: expected a moment at which redis1 is up, and faults[0] kills it at 10 ms for 500 ms, found 100 ms",
    ],
    [
      "a frozen node that is to save",
      "[{ freeze: { nodes: [redis1] }, at: 100ms, for: 600ms }, { kill: { nodes: [redis1] }, data: kept, at: 300ms }]",
      "faults[1].at: expected a moment at which redis1 can save its data, and faults[0] holds it from 100 ms for 600 ms, found 300 ms",
    ],
    [
      "a server frozen beyond all patience",
      "[{ freeze: { servers: [app] }, at: 1ms, for: 20s }]",
      "faults[0].for: expected less than `load.timeout`, 10000 ms: nobody waits for it any longer, found 20000 ms",
    ],
    ["a moment that is none", "[{ kill: { nodes: 1 }, at: soon }]", 'found "soon"'],
    [
      "a share beyond all",
      "[{ kill: { nodes: 1 }, at: { sold: 130% } }]",
      'faults[0].at.sold: expected a percentage such as "99%"',
    ],
    [
      "moments turned round",
      "[{ kill: { nodes: 1 }, at: { between: [2s, 1s] } }]",
      "expected the earlier moment first",
    ],
    ["data of a server", "[{ kill: { servers: [app] }, data: kept, at: 1ms }]", "faults[0].data: expected no such key"],
    ["a server frozen for good", "[{ freeze: { servers: [app] }, at: 1ms }]", "faults[0].for: expected a duration"],
    ["a flush that lasts", "[{ script_flush: { nodes: 1 }, at: 1ms, for: 1s }]", "faults[0].for: expected no such key"],
    ["a mistyped kind", "[{ kil: { nodes: 1 }, at: 1ms }]", 'found "kil", did you mean "kill"?'],
    [
      "a direction",
      "[{ partition: { nodes: 1, direction: up }, at: 1ms }]",
      "faults[0].partition.direction: expected one of both",
    ],
  ])("that name %s are a mistake", async (_, faults, complaint) => {
    expect(await complaints(`${FIVE}faults: ${faults}\n`)).toContain(complaint);
  });

  it("may hit the same node one after the other, or at moments that nobody knows beforehand", async () => {
    const kill = (at: string): string => `  - { kill: { nodes: [redis1] }, data: kept, at: ${at}, for: 100ms }\n`;
    const apart = `${kill("10ms")}${kill("110ms")}${kill("{ sold: 10% }")}${kill("{ between: [5ms, 20ms] }")}`;
    const frozen = "  - { freeze: { nodes: [redis1] }, at: 300ms, for: 900ms }\n";
    // The kill that loses the data has ended the freeze.
    const thawed = `${frozen}  - { kill: { nodes: [redis1] }, at: 400ms, for: 50ms }\n${kill("500ms")}`;
    expect((await planOf(`${FIVE}faults:\n${apart}${thawed}`)).faults).toHaveLength(7);
  });

  it("point at the line and column of the mistake", async () => {
    const yaml = `${FIVE}faults:\n  - kill: { nodes: [redis9] }\n    at: 1ms\n`;
    const line = yaml.split("\n").findIndex((text) => text.includes("redis9")) + 1;
    expect(await complaints(yaml)).toContain(`sale/scenario.yaml:${String(line)}:21: faults[0].kill.nodes[0]`);
  });

  it("cannot hit what lockbench did not start", async () => {
    const running = SOUND.replace(/ {2}start:\n.*\n.*\n/, "  url: http://127.0.0.1:1\n").replace(/ {2}seed:\n.*\n/, "");
    const external = running.replace("redis: 1", 'redis: { external: ["redis://127.0.0.1:6379"] }');
    const text = await complaints(`${external}faults: [{ kill: { nodes: [redis], servers: [app] }, at: 1ms }]\n`);
    expect(text).toContain("faults[0].kill.nodes[0]: expected no Redis nodes, since lockbench starts none");
    expect(text).toContain("faults[0].kill.servers[0]: expected no servers, since lockbench starts none");
  });

  it("name no server that --replicas takes away", async () => {
    const yaml = `${FIVE}faults: [{ freeze: { servers: [app1] }, at: 1ms, for: 1s }]\n`;
    expect(await complaints(yaml, { replicas: 1 })).toBe(
      '--replicas: faults[0].freeze.servers.0: expected only the servers app, found "app1"',
    );
  });

  it("name nodes, whatever --replicas says", async () => {
    const plan = await planOf(`${FIVE}faults: [{ kill: { nodes: [redis1, redis4] }, at: 1ms }]\n`, { replicas: 3 });
    expect(plan.faults).toMatchObject([{ action: { kind: "kill", nodes: [1, 4] } }]);
    expect(plan.stack.replicas).toBe(3);
  });
});

describe("the wire tap", () => {
  const fault = "faults: [{ latency: { nodes: 1, delay: 1ms }, at: 1ms }]\n";

  it("is there where there are faults, and where it is asked for", async () => {
    expect((await planOf(SOUND)).stack.tap).toBe(false);
    expect((await planOf(SOUND.replace("redis: 1", "redis: 1, tap: true"))).stack.tap).toBe(true);
    expect((await planOf(`${FIVE}${fault}`)).stack.tap).toBe(true);
    const without = `${FIVE.replace("redis: 5", "redis: 5, tap: false")}faults: [{ kill: { nodes: 1 }, at: 1ms }]\n`;
    expect((await planOf(without)).stack.tap).toBe(false);
  });

  it("is there for faults alone where the scenario asks for none", async () => {
    const both = { tap: true, tapForFaults: false };
    expect((await planOf(`${FIVE}${fault}`)).stack).toMatchObject({ tap: true, tapForFaults: true });
    expect((await planOf(`${FIVE.replace("redis: 5", "redis: 5, tap: true")}${fault}`)).stack).toMatchObject(both);
    expect((await planOf(SOUND)).stack.tapForFaults).toBe(false);
  });

  it("cannot be left out where a fault is on the wire, or put where there is none", async () => {
    expect(await complaints(`${FIVE.replace("redis: 5", "redis: 5, tap: false")}${fault}`)).toContain(
      "stack.tap: expected true, since a fault is on the wire (`latency`), found false",
    );
    expect(await complaints(SOUND.replace("redis: 1", "redis: 0, tap: true"))).toContain("stack.tap: expected no tap");
  });
});

describe("what is demanded of locks, recovery and breaker", () => {
  const changed = (text: string): string => SOUND.replace("  locks:", `  ${text}\n  locks:`);

  it("is read", async () => {
    const yaml = changed(
      'lock_keys: { lock: "lock:${product}", guarded: "stock:${product}" }\n  answer: { breaker: breaker.state, breaker_since: breaker.since }',
    );
    const plan = await planOf(
      `${yaml}expect: { recovery: 5s, breaker: { refusal_p99: 50ms } }\nfaults: [{ kill: { nodes: 1 }, at: 1ms }]\n`,
    );
    expect(plan.target.lockKeys).toEqual({ lock: "lock:${product}", guarded: "stock:${product}" });
    expect(plan.target.answer).toMatchObject({ breaker: "breaker.state", breakerSince: "breaker.since" });
    expect(plan.demands).toMatchObject({ recoveryMs: 5000, breaker: { refusalP99Ms: 50 } });
  });

  it("must be possible", async () => {
    expect(await complaints(`${SOUND}expect: { recovery: 5s }\n`)).toContain(
      "expect.recovery: expected `faults` to recover from, found none",
    );
    expect(await complaints(`${SOUND}expect: { breaker: { refusal_p99: 50ms } }\n`)).toContain(
      "expect.breaker: expected `target.answer.breaker`",
    );
    expect(await complaints(changed('lock_keys: { lock: "lock:${run}" }'))).toContain(
      'target.lock_keys.lock: unknown placeholder, expected one of product, found "${run}"',
    );
  });
});
