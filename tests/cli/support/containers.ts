import { realpathSync } from "node:fs";
import Dockerode from "dockerode";
import { expect, onTestFinished, type TestContext } from "vitest";
import { engineUnderTest } from "../../support/engine.ts";
import { CORRECT } from "./output.ts";
import { openPlace, type Place } from "./place.ts";
import type { Ended } from "./started.ts";

export interface Belongings {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

export const NOTHING: Belongings = { containers: [], networks: [], volumes: [] };

/**
 * Correct, or inconclusive for the one reason that is the machine's: when it is
 * busy, the proxy behind a published port hands a burst over one by one.
 */
export function expectCorrect({ exit, stdout, stderr }: Ended): void {
  const oneByOne = exit === 4 && stdout.replace(/\s+/g, " ").includes("its proxy spread the burst");
  if (!oneByOne) expect(CORRECT, stdout + stderr).toContain(exit);
}

/** A place whose stacks are containers, on the engine that the tests use; the test is skipped where there is none. */
export interface ContainerPlace extends Place {
  /** What the engine has of this place. */
  belongings(): Promise<Belongings>;
  readonly docker: Dockerode;
}

export async function aContainerPlace(context: TestContext): Promise<ContainerPlace> {
  const { env } = await engineUnderTest(context);
  const place = openContainerPlace(env);
  onTestFinished(() => place.close());
  return place;
}

export function openContainerPlace(env: Readonly<Record<string, string>>): ContainerPlace {
  const place = openPlace({ env: { ...env, LOCKBENCH_STACK: "docker" } });
  const docker = new Dockerode();
  const belongings = (): Promise<Belongings> => belongingsOf(docker, realpathSync(place.folder));
  return {
    ...place,
    docker,
    belongings,
    async close() {
      const before = await belongings();
      if (before.containers.length > 0) await place.lockbench("down --all", { cwd: "/" });
      const left = await belongings();
      await place.close();
      if (JSON.stringify(left) !== JSON.stringify(NOTHING)) throw new Error(`left behind: ${JSON.stringify(left)}`);
    },
  };
}

async function belongingsOf(docker: Dockerode, folder: string): Promise<Belongings> {
  const filters = { label: [`dev.lockbench.folder=${folder}`] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return {
    containers: containers.map(({ Names }) => Names[0] ?? "").sort(),
    networks: networks.map(({ Name }) => Name).sort(),
    volumes: volumes.map(({ Name }) => Name).sort(),
  };
}
