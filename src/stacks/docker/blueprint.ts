import type { Plan } from "../../domain/plan.ts";
import type { Environment } from "../../host/programs.ts";
import { readCompose, type ReadProject } from "./compose/read-compose.ts";
import { fingerprintInside } from "./fingerprint-inside.ts";
import { imageVersion } from "./image-version.ts";
import { SERVER } from "./inside.ts";
import type { DockerStackOptions } from "./options.ts";
import { requireParts } from "./required-parts.ts";
import { requireUsableSettings, settingsOf } from "./settings.ts";
import { composeFileFor } from "./topology.ts";

/** What is known of the containers that a plan asks for before there is any. */
export interface Blueprint {
  readonly settings: Environment;
  /** Of the server's image: it changes with everything that the image is built from. */
  readonly tag: string;
  /** Equal for two plans exactly when containers brought up for one serve the other. */
  readonly fingerprint: string;
}

/** @throws LockbenchError (exit 2) for settings, or a Compose file, that cannot be used */
export async function blueprintOf(options: DockerStackOptions, plan: Plan): Promise<Blueprint> {
  const { runtime, lockbench, version } = options;
  const settings = await settingsOf(lockbench, runtime.env);
  requireUsableSettings(settings);
  const asWritten = await readCompose(sourceOf(options, plan, { settings, tag: version }));
  requireParts(asWritten, plan.stack.redisNodes);
  const build = asWritten.services.find(({ name }) => name === SERVER)?.build ?? null;
  const tag = build === null ? version : imageVersion(lockbench, version, build);
  const images = asWritten.services.map(({ image }) => image);
  return { settings, tag, fingerprint: fingerprintInside(plan, options, [tag, ...images]) };
}

/** @param name becomes part of the names of containers, networks and volumes */
export function projectFor(
  options: DockerStackOptions,
  plan: Plan,
  blueprint: Blueprint,
  name: string,
): Promise<ReadProject> {
  const scale = { [SERVER]: plan.stack.replicas };
  return readCompose({ ...sourceOf(options, plan, blueprint), projectName: name, scale });
}

function sourceOf(
  { lockbench }: DockerStackOptions,
  plan: Plan,
  { settings, tag }: Pick<Blueprint, "settings" | "tag">,
): Parameters<typeof readCompose>[0] {
  return {
    file: composeFileFor(plan, lockbench),
    variables: { ...settings, LOCKBENCH_VERSION: tag },
    profiles: [],
  };
}
