import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { keptRuns, record } from "./support/output.ts";
import { aPlace, PACKAGE, type Place } from "./support/place.ts";
import { stacksOf, whileSelling } from "./support/stacks.ts";
import { until } from "./support/until.ts";

/** Buyers who come one after the other, so that a fault meets some of them and not others. */
function scenario(faults: string, more = ""): string {
  return `title: a sale in which something breaks
target:
  from: ${PACKAGE}/scenarios/shop.target.yaml
  lock_keys: { lock: "lock:stock:\${product}", guarded: "stock:\${product}" }
lock: fifo
products: [{ id: "1", stock: 60 }]
load: { buyers: 200, spawn_rate: 300${more} }
thresholds: { errors: "<= 100%" }
faults:
${faults}`;
}

const KILL_AND_FREEZE = `
  - { kill: { nodes: [redis] }, data: kept, at: { sold: 10% }, for: 50ms }
  - { freeze: { servers: [app] }, at: 300ms, for: 100ms }
  - { partition: { nodes: 1 }, at: { between: [100ms, 120ms] }, for: 30ms }
`;
const FROZEN = "  - { freeze: { nodes: [redis], servers: [app] }, at: 1ms, for: 1m }\n";

function withScenario(faults: string, more?: string): Place {
  const place = aPlace();
  place.write("broken/scenario.yaml", scenario(faults, more));
  return place;
}

/** Processes of the place that are stopped, by the letter that /proc shows. */
function frozen(place: Place): number[] {
  return place.left().flatMap(({ pid }) => {
    const file = `/proc/${String(pid)}/stat`;
    const stat = existsSync(file) ? readFileSync(file, "utf8") : "";
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T") ? [pid] : [];
  });
}

function expectNothingLeft(place: Place): void {
  expect(place.left()).toEqual([]);
  expect(readdirSync(place.runtime)).toEqual(["ports"]);
}

describe("a run with faults", () => {
  it("injects and heals all of them while buyers are buying, and keeps what became of each", async () => {
    const place = withScenario(KILL_AND_FREEZE);
    const run = record(await place.lockbench("run ./broken --json"));
    expect(run.incidents).toEqual([]);
    expect(run.checks.find(({ name }) => name === "faults")).toMatchObject({ verdict: "pass" });
    expect(run.faults.map(({ kind, targets }) => ({ kind, targets }))).toEqual([
      { kind: "kill", targets: ["redis"] },
      { kind: "freeze", targets: ["app"] },
      { kind: "partition", targets: ["redis", "app"] },
    ]);
    for (const { injectedMs, healedMs } of run.faults) expect(healedMs).toBeGreaterThan(injectedMs ?? Number.NaN);
    expect(run.checks.filter(({ verdict }) => verdict === "fail")).toEqual([]);
    expect(run.truth).toMatchObject({ settled: true, agreedAfterMs: expect.any(Number) as unknown });
    expect(Object.keys(run.evidence)).toEqual(expect.arrayContaining(["faults.json", "locks.json", "wire.ndjson"]));
    expectNothingLeft(place);
    const again = record(await place.lockbench("verify --json"));
    expect(again).toEqual({ ...run, reason: again.reason, checks: again.checks });
    expect(again.checks.slice(0, -1)).toEqual(run.checks);
    expect(again.checks.at(-1)).toMatchObject({ name: "evidence_intact", verdict: "pass" });
  });

  it("proves nothing when the moment of a fault never came", async () => {
    const place = withScenario("  - { kill: { servers: [app] }, at: 1h }\n");
    const { exit, stdout } = await place.lockbench("run ./broken --users 20 --stock 10");
    expect(exit).toBe(4);
    expect(stdout.replace(/\s+/g, " ")).toContain("kill app: its moment never came before the load had ended");
    expect(stdout).toContain("kill app: never came");
  });

  it("prints when each fault was in force", async () => {
    const place = withScenario("  - { client_pause: { nodes: [redis] }, at: 50ms, for: 20ms }\n");
    const { stdout } = await place.lockbench("run ./broken");
    expect(stdout).toMatch(
      /faults, times after the first send\n {2}client pause on redis: at [\d.,]+ ms, healed at [\d.,]+ ms/,
    );
  });

  it("mends a stack that stays, and leaves it to the next run", async () => {
    const place = withScenario(KILL_AND_FREEZE);
    expect((await place.lockbench("up ./broken")).exit).toBe(0);
    const [before] = await stacksOf(place);
    const run = record(await place.lockbench("run ./broken --json"));
    expect(run.incidents).toEqual([]);
    const [after] = await stacksOf(place);
    expect(after).toMatchObject({ healthy: true, session: { servers: before?.session.servers } });
    expect(after?.services.map(({ name }) => name).sort()).toEqual(["app", "redis", "tap"]);
    expect((await place.lockbench("logs tap")).stdout).toContain("listening on 127.0.0.1");
    expect((await place.lockbench("down")).exit).toBe(0);
    expectNothingLeft(place);
  });
});

describe("in the middle of a fault", () => {
  async function inTheMiddle(place: Place): Promise<ReturnType<Place["start"]>> {
    const run = place.start("run ./broken");
    await until("two frozen processes", () => frozen(place).length === 2 || undefined);
    return run;
  }

  it("SIGINT stops everything, with nothing left frozen", async () => {
    const place = withScenario(FROZEN, ", run_time: 60s, timeout: 2m");
    const run = await inTheMiddle(place);
    run.signal("SIGINT");
    expect((await run.ended).exit).toBe(130);
    expectNothingLeft(place);
  });

  it("SIGKILL leaves nothing that outlives the next command", async () => {
    const place = withScenario(FROZEN, ", run_time: 60s, timeout: 2m");
    const run = await inTheMiddle(place);
    run.signal("SIGKILL");
    await run.ended;
    expect((await place.lockbench("list")).stderr).toContain("left behind");
    expectNothingLeft(place);
  });

  it("SIGKILL takes a stack that was meant to stay with it", async () => {
    const place = withScenario(FROZEN, ", run_time: 60s, timeout: 2m");
    expect((await place.lockbench("up ./broken")).exit).toBe(0);
    const run = await inTheMiddle(place);
    run.signal("SIGKILL");
    await run.ended;
    expect((await place.lockbench("list")).stderr).toContain("left behind");
    expectNothingLeft(place);
  });
});

describe("what dies by itself", () => {
  it("is told although a fault has killed something else", async () => {
    const place = withScenario("  - { kill: { nodes: [redis] }, data: kept, at: 50ms, for: 20ms }\n", ", run_time: 3s");
    const run = place.start("run ./broken");
    const services = await whileSelling(place);
    process.kill(services.find(({ name }) => name === "app")?.pid ?? 0, "SIGKILL");
    const { stdout } = await run.ended;
    expect(stdout).toMatch(/! app died: killed by SIGKILL/);
    expect(stdout).not.toContain("redis died");
    expect(keptRuns(place)).toHaveLength(1);
  });
});
