import type Dockerode from "dockerode";
import { describe, expect, it } from "vitest";
import { aContainerPlace, type ContainerPlace, expectCorrect, NOTHING } from "./support/containers.ts";
import { record } from "./support/output.ts";
import { until } from "./support/until.ts";

/** Containers take seconds where processes take tenths. */
const SLOW = 120_000;
const bundled = new URL("../../scenarios/shop.target.yaml", import.meta.url).pathname;

/** A shop of five nodes under a drizzle of buyers: a burst would be over before an engine has killed anything. */
function writeScenario(place: ContainerPlace, faults: readonly string[]): void {
  const lines = [
    "title: Three nodes are lost, each in another way",
    "stack: { redis: 5, replicas: 2 }",
    `target: { from: ${bundled}, start: { env: { LOCK_TTL_MS: 1000 } } }`,
    "lock: redlock-manual",
    'products: [{ id: "1", stock: 300 }]',
    "load: { buyers: 300, spawn_rate: 50, timeout: 15s, retry: { pause: 100ms, within: 12s } }",
    "contention: { in_flight: 1 }",
    "faults:",
    ...faults.map((fault) => `  - { ${fault} }`),
  ];
  place.write("lost/README.md", "# lost\n");
  place.write("lost/scenario.yaml", `${lines.join("\n")}\n`);
}

async function containersOf(place: ContainerPlace): Promise<Dockerode.ContainerInspectInfo[]> {
  const names = (await place.belongings()).containers;
  const seen = await Promise.all(
    names.map((name) => place.docker.getContainer(name.slice(1)).inspect().catch(unlessGone)),
  );
  return seen.filter((one) => one !== undefined);
}

/** A run has helpers, which may have ended since they were listed. */
function unlessGone(error: Error & { readonly statusCode?: number }): undefined {
  if (error.statusCode !== 404) throw error;
}

/** In which of the three ways a container is lost. */
function lossOf({ State, NetworkSettings }: Dockerode.ContainerInspectInfo): string[] {
  const off = Object.keys(NetworkSettings.Networks).length === 0;
  return [...(State.Paused ? ["paused"] : []), ...(State.Running ? [] : ["dead"]), ...(off ? ["cut off"] : [])];
}

describe("nodes in containers that are killed, paused and cut off", { timeout: SLOW }, () => {
  it("one after the other are missed by nobody who buys, and know the stock when they are back", async (context) => {
    const place = await aContainerPlace(context);
    writeScenario(place, [
      "kill: { nodes: [redis1] }, at: 500ms, for: 300ms",
      "freeze: { nodes: [redis2] }, at: 2500ms, for: 300ms",
      "partition: { nodes: [redis3] }, at: 4000ms, for: 300ms",
    ]);
    const ended = await place.lockbench("run ./lost --json");
    expectCorrect(ended);
    const { checks, truth } = record(ended);
    expect(checks).toContainEqual(expect.objectContaining({ name: "faults", verdict: "pass" }));
    const left = { redis: 0, redis1: 0, redis2: 0, redis3: 0, redis4: 0, database: 0 };
    expect(truth.products).toMatchObject([{ sold: 300, stock: left }]);
    expect(await place.belongings()).toEqual(NOTHING);
  });

  it("all at once while the run is interrupted are as before on a stack that stays", async (context) => {
    const place = await aContainerPlace(context);
    writeScenario(place, [
      "kill: { nodes: [redis1] }, at: 1ms",
      "freeze: { nodes: [redis2] }, at: 1ms",
      "partition: { nodes: [redis3] }, at: 1ms",
    ]);
    expect(await place.lockbench("up ./lost")).toMatchObject({ exit: 0 });
    const run = place.start("run ./lost");
    await until("all three are lost", async () => {
      const losses = (await containersOf(place)).flatMap(lossOf);
      return ["cut off", "dead", "paused"].every((loss) => losses.includes(loss)) || undefined;
    });
    run.signal("SIGINT");
    expect((await run.ended).exit).toBe(130);
    expect((await containersOf(place)).flatMap(lossOf)).toEqual([]);
    expect(await place.lockbench("status")).toMatchObject({ exit: 0 });
  });
});
