import { usageError } from "../../domain/errors.ts";
import type { Plan } from "../../domain/plan.ts";
import { nodeName } from "../../domain/service-name.ts";
import type { Environment } from "../../host/programs.ts";
import { readCompose, type ReadProject } from "./compose/read-compose.ts";
import { imageVersion } from "./image-version.ts";
import { SERVER } from "./inside.ts";
import type { DockerStackOptions } from "./options.ts";
import { composeFileFor } from "./topology.ts";

/**
 * The Compose file that a plan asks for, with the server's image under a tag
 * that changes with everything that the image is built from.
 * @param name becomes part of the names of containers, networks and volumes
 */
export async function bundledProject(
  { lockbench, version }: DockerStackOptions,
  plan: Plan,
  settings: Environment,
  name: string,
): Promise<ReadProject> {
  const { redisNodes, replicas } = plan.stack;
  const read = (tag: string, scale: Readonly<Record<string, number>>): Promise<ReadProject> =>
    readCompose({
      file: composeFileFor(plan, lockbench),
      variables: { ...settings, LOCKBENCH_VERSION: tag },
      profiles: [],
      projectName: name,
      scale,
    });
  const asWritten = await read(version, {});
  requireParts(asWritten, redisNodes);
  const build = asWritten.services.find((service) => service.name === SERVER)?.build ?? null;
  return read(build === null ? version : imageVersion(lockbench, version, build), { [SERVER]: replicas });
}

/**
 * Whoever changes the file must leave it the parts that are looked for: a server, and so many Redis nodes.
 * @throws LockbenchError (exit 2) that names what is missing, or too much
 */
function requireParts({ file, services }: ReadProject, redisNodes: number): void {
  const expected = [SERVER, ...Array.from({ length: redisNodes }, (_, index) => nodeName(index))];
  const names = expected.join(", ");
  const missing = expected.find((part) => services.every((service) => service.name !== part));
  if (missing !== undefined) {
    throw usageError(`${file}: expected the services ${names}, found no ${missing}`, "add it, without a profile");
  }
  for (const { name, at, scale } of services) {
    if (!expected.includes(name)) {
      throw usageError(
        `${at}: services.${name}: expected one of ${names}, found "${name}"`,
        "give it a profile, or remove it",
      );
    }
    if (scale === 1) continue;
    const hint =
      name === SERVER ? "leave it out, and say --replicas" : "leave it out: each Redis node is a service of its own";
    throw usageError(`${at}: services.${name}: expected one container, found ${String(scale)}`, hint);
  }
}
