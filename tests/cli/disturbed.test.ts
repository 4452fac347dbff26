import type { Container } from "dockerode";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/domain/record.ts";
import { aContainerPlace, type ContainerPlace, NOTHING } from "./support/containers.ts";
import { aPlace, PACKAGE, type Place } from "./support/place.ts";
import { type ServiceSeen, whileSelling } from "./support/stacks.ts";

/** Containers take seconds where processes take tenths. */
const SLOW = 120_000;

/** @param runTime longer than it takes to lay hands on the stack */
function withScenario<Where extends Place>(place: Where, runTime = "2500ms"): Where {
  const lines = [
    "title: a sale that is disturbed",
    `target: ${PACKAGE}/scenarios/shop.target.yaml`,
    "lock: fifo",
    'products: [{ id: "1", stock: 2000 }]',
    `load: { buyers: 8, run_time: ${runTime}, timeout: 1s }`,
  ];
  place.write("disturbed/scenario.yaml", `${lines.join("\n")}\n`);
  return place;
}

/** Runs a sale, and lays hands on its stack as soon as something is sold. */
async function disturbed(
  place: Place,
  disturb: (services: readonly ServiceSeen[]) => Promise<void> | void,
): Promise<RunRecord> {
  const run = place.start("run ./disturbed --json");
  await disturb(await whileSelling(place));
  const ended = await run.ended;
  const kept = JSON.parse(ended.stdout) as RunRecord;
  expect(ended.exit, ended.stderr).toBe(kept.exitCode);
  return kept;
}

/** The only container of a service. */
async function containerOf(place: ContainerPlace, service: string): Promise<Container> {
  const { containers } = await place.belongings();
  const name = containers.find((one) => one.includes(`-${service}-`)) ?? "";
  return place.docker.getContainer(name.slice(1));
}

async function expectInconclusive(place: Place, run: RunRecord): Promise<void> {
  expect(run).toMatchObject({ verdict: "inconclusive", exitCode: 5, disturbed: true });
  const again = JSON.parse((await place.lockbench("verify --json")).stdout) as RunRecord;
  expect(again).toMatchObject({ verdict: "inconclusive", exitCode: 5, disturbed: true });
}

describe("a container that somebody else lays hands on while it sells", { timeout: SLOW }, () => {
  it("is told when it was restarted, and the shop is not blamed for an empty Redis", async (context) => {
    const place = withScenario(await aContainerPlace(context), "10s");
    const run = await disturbed(place, async () => {
      for (const service of ["redis", "app"]) await (await containerOf(place, service)).restart({ t: 0 });
    });
    expect(run.incidents.slice(0, 2)).toEqual(["redis was restarted from outside", "app was restarted from outside"]);
    await expectInconclusive(place, run);
    expect(await place.belongings()).toEqual(NOTHING);
  });

  it("is told when it was paused, for good or for a while", async (context) => {
    const place = withScenario(await aContainerPlace(context), "10s");
    const run = await disturbed(place, async () => {
      const redis = await containerOf(place, "redis");
      await redis.pause();
      await redis.unpause();
      await (await containerOf(place, "app")).pause();
    });
    expect(run.incidents).toEqual([
      "redis was paused from outside for a while",
      "app was paused from outside, and still is",
    ]);
    expect(run.checks).toContainEqual(expect.objectContaining({ name: "liveness", verdict: "fail" }));
    await expectInconclusive(place, run);
    expect(await place.belongings()).toEqual(NOTHING);
  });
});

describe("a container that somebody else takes off its network while it sells", { timeout: SLOW }, () => {
  it("is told, for good or for a while, and the shop is not blamed", async (context) => {
    const place = withScenario(await aContainerPlace(context), "10s");
    const run = await disturbed(place, async () => {
      const { networks } = await place.belongings();
      const network = place.docker.getNetwork(networks[0] ?? "");
      const redis = (await containerOf(place, "redis")).id;
      await network.disconnect({ Container: redis, Force: true });
      await network.connect({ Container: redis, EndpointConfig: { Aliases: ["redis"] } });
      await network.disconnect({ Container: (await containerOf(place, "app")).id, Force: true });
    });
    expect(run.incidents[0]).toBe("redis was taken off its network from outside for a while");
    expect(run.incidents[1]).toMatch(/^app was taken off its network \(\S+_default\) from outside, and still is$/);
    await expectInconclusive(place, run);
    expect(await place.belongings()).toEqual(NOTHING);
  });
});

describe("a process that somebody else lays hands on while it sells", () => {
  it.each([
    ["a server that is stopped in its tracks", "app", "SIGSTOP", /^app was stopped by somebody else \(SIGSTOP\)$/],
    ["a Redis that is killed", "redis", "SIGKILL", /^redis died: killed by SIGKILL/],
  ] as const)("%s is told", async (_, name, signal, incident) => {
    const place = withScenario(aPlace());
    const run = await disturbed(place, (services) => {
      process.kill(services.find((one) => one.name === name)?.pid ?? Number.NaN, signal);
    });
    expect(run.incidents[0]).toMatch(incident);
    await expectInconclusive(place, run);
  });
});
