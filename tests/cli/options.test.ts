import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CORRECT, CORRECTNESS, passing, record, SMALL, verdicts } from "./support/output.ts";
import { aPlace, type Place } from "./support/place.ts";

/** A scenario of the user's own, with so many buyers for 6 units. */
async function ownScenario(place: Place, more: (text: string) => string = (text) => text): Promise<void> {
  await place.lockbench("init my-shop");
  const text = readFileSync(place.file("my-shop/scenario.yaml"), "utf8");
  place.write(
    "my-shop/scenario.yaml",
    more(text.replace("buyers: 300", "buyers: 12").replace("stock: 100", "stock: 6")),
  );
}

describe("the value of an option", () => {
  it("is the default, which gives way to the scenario, to the environment, and last to the flag", async () => {
    const place = aPlace();
    await ownScenario(place, (text) => text.replace("replicas: 1", "replicas: 2"));
    const environmentOf = async (args: string, env: Record<string, string>): Promise<unknown> =>
      record(await place.lockbench(`run ./my-shop --json ${args}`, { env })).environment;
    expect(await environmentOf("", {})).toMatchObject({ buyers: 12, stock: 6, replicas: 2, seed: 1 });
    const env = { LOCKBENCH_USERS: "9", LOCKBENCH_REPLICAS: "1", LOCKBENCH_SEED: "7" };
    expect(await environmentOf("", env)).toMatchObject({ buyers: 9, stock: 6, replicas: 1, seed: 7 });
    expect(await environmentOf("--users 8", env)).toMatchObject({ buyers: 8, stock: 6, replicas: 1, seed: 7 });
  });

  it("may come from the environment for switches and folders too", async () => {
    const place = aPlace();
    const env = { LOCKBENCH_JSON: "1", LOCKBENCH_RESULTS: "elsewhere", LOCKBENCH_QUIET: "yes" };
    const { id } = record(await place.lockbench(`run v1_basic ${SMALL}`, { env }));
    expect(JSON.parse(readFileSync(place.file("elsewhere", id, "record.json"), "utf8"))).toMatchObject({ id });
  });

  it.each([
    ["LOCKBENCH_USERS", "many"],
    ["LOCKBENCH_USERS", ""],
    ["LOCKBENCH_STOCK", "0"],
    ["LOCKBENCH_LOCK", "fif"],
    ["LOCKBENCH_STACK", "moon"],
    ["LOCKBENCH_RUN_TIME", "5"],
    ["LOCKBENCH_JSON", "perhaps"],
    ["LOCKBENCH_RESULTS", ""],
  ])("is refused under the name of the variable when it does not fit: %s=%s", async (name, value) => {
    const place = aPlace();
    const ended = await place.lockbench("run v1_basic", { env: { [name]: value } });
    expect(ended).toMatchObject({ exit: 2, stdout: "" });
    expect(ended.stderr).toMatch(new RegExp(`^error: ${name}: expected .*found`, "m"));
  });
});

describe("options that change the load", () => {
  it("--spawn-rate lets so many buyers begin each second", async () => {
    const { metrics } = record(await aPlace().lockbench("run v1_basic --spawn-rate 40 --users 20 --stock 10 --json"));
    expect(metrics).toMatchObject({ attempts: 20, outcomes: { sold: 10, sold_out: 10 } });
    // 19 intervals of 25 ms; the machine may be late, but never early.
    expect(metrics.sendSpreadMs).toBeGreaterThan(400);
  });

  it("--run-time lets buyers come until it is over", async () => {
    const { metrics } = record(await aPlace().lockbench("run v1_basic --run-time 1s --users 8 --stock 20 --json"));
    expect(metrics.attempts).toBeGreaterThan(28);
    expect(metrics.outcomes).toMatchObject({ sold: 20, unknown: 0 });
    expect(metrics.sendSpreadMs).toBeGreaterThan(500);
  });

  it("--replicas spreads the buyers over several servers, which still sell each unit once", async () => {
    const ended = await aPlace().lockbench("run v1_stress --replicas 2");
    expect([...CORRECT, 1], ended.stdout).toContain(ended.exit);
    expect(ended.stdout).toContain("2 servers");
    const { first_come: _, ...others } = passing(CORRECTNESS);
    expect(verdicts(ended.stdout)).toMatchObject(others);
  });

  it("a sale to a single buyer proves nothing, and says so", async () => {
    const ended = await aPlace().lockbench("run v1_basic --users 1");
    expect(ended.exit).toBe(4);
    expect(verdicts(ended.stdout)).toMatchObject({ oversold: "INCONCLUSIVE", contention: "INCONCLUSIVE" });
  });

  it("a thousand buyers get an answer each", async () => {
    const { metrics } = record(await aPlace().lockbench("run v1_basic --users 1000 --json"));
    expect(metrics).toMatchObject({ attempts: 1000, outcomes: { sold: 100, sold_out: 900 } });
  });
});
