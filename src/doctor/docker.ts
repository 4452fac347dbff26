import type Dockerode from "dockerode";
import { LockbenchError } from "../domain/errors.ts";
import type { Environment } from "../host/programs.ts";
import { unlessGone } from "../stacks/docker/engine/engine-error.ts";
import { baseImages, settingsOf } from "../stacks/docker/settings.ts";
import type { DoctorLine } from "./report.ts";

const NAME = "Docker engine";
const IMAGES = "Docker images";

/**
 * Which engine `--stack docker` would use, and whether the images that it needs
 * are there. What is not is a warning: the local stack needs none.
 * @param lockbench the folder of this package
 */
export async function dockerEngine(env: Environment, lockbench: string): Promise<readonly DoctorLine[]> {
  // Its client is slow to load, and no other part of doctor needs it.
  const { connectEngine } = await import("../stacks/docker/engine/connect.ts");
  try {
    const { docker, address, from } = await connectEngine(env);
    const { Version: version } = await docker.version();
    // The usual place needs no reason.
    const why = from === "the default socket" ? "" : ` (${from})`;
    const found = `${version} at ${address}${why}`;
    return [{ name: NAME, health: "ok", found }, await images(docker, baseImages(await settingsOf(lockbench, env)))];
  } catch (error) {
    if (!(error instanceof LockbenchError)) throw error;
    const advice = `nothing for the local stack; for containers: ${error.hint ?? "start an engine"}`;
    return [{ name: NAME, health: "warn", found: error.message, advice }];
  }
}

async function images(docker: Dockerode, wanted: ReadonlyMap<string, string>): Promise<DoctorLine> {
  const isMissing = async (image: string): Promise<boolean> =>
    (await unlessGone(docker.getImage(image).inspect())) === undefined;
  const looked = await Promise.all(
    [...wanted].map(async ([variable, image]) => ({ variable, image, missing: await isMissing(image) })),
  );
  const missing = looked.filter((one) => one.missing);
  const names = (list: typeof looked): string => list.map(({ image }) => image).join(", ");
  if (missing.length === 0) return { name: IMAGES, health: "ok", found: names(looked) };
  const variables = missing.map(({ variable }) => variable).join(" and ");
  return {
    name: IMAGES,
    health: "warn",
    found: `not on this engine yet: ${names(missing)}`,
    advice: `nothing where a registry can be reached: the first start pulls them; elsewhere name images of your own in ${variables}`,
  };
}
