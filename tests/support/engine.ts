import { connectEngine, type EngineConnection } from "../../src/stacks/docker/engine/connect.ts";

/** The images that tests of containers use, where the environment names no others: `.ci/engine` makes them without a registry. */
const IMAGES = {
  LOCKBENCH_REDIS_IMAGE: "lockbench/debian-redis:bookworm",
  LOCKBENCH_NODE_IMAGE: "lockbench/debian-node:bookworm",
};

export type ImageName = keyof typeof IMAGES;

export interface EngineUnderTest {
  readonly connection: EngineConnection;
  /** The variables that name the images. */
  readonly env: Readonly<Record<ImageName, string>>;
}

interface Present {
  /** Why tests of containers cannot run here; undefined when they can. */
  readonly missing: string | undefined;
  readonly env: Readonly<Record<ImageName, string>>;
  readonly connection: EngineConnection | undefined;
}

const ALL = Object.keys(IMAGES) as ImageName[];

/** Whether a Docker engine answers here that has the images. */
export async function enginePresent(needed: readonly ImageName[] = ALL): Promise<Present> {
  const env = { ...IMAGES };
  for (const name of ALL) env[name] = process.env[name] ?? IMAGES[name];
  try {
    const connection = await connectEngine(process.env);
    for (const name of needed) {
      const found = await connection.docker.listImages({ filters: { reference: [env[name]] } });
      if (found.length === 0) return { missing: `the engine has no image ${env[name]} (${name})`, env, connection };
    }
    return { missing: undefined, env, connection };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error), env, connection: undefined };
  }
}

/** The engine that tests run on; skips the test, with the reason, where none answers or an image is missing. */
export async function engineUnderTest(
  context: { skip(note?: string): never },
  needed: readonly ImageName[] = ALL,
): Promise<EngineUnderTest> {
  const { missing, env, connection } = await enginePresent(needed);
  if (missing !== undefined || connection === undefined) return context.skip(missing);
  return { connection, env };
}
