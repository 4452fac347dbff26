import { usageError } from "../../domain/errors.ts";
import { nodeName } from "../../domain/service-name.ts";
import type { ComposeProject } from "./compose/project.ts";
import { SERVER } from "./inside.ts";

/**
 * Whoever changes a bundled Compose file must leave it the parts that are looked for: a server, and so many Redis nodes.
 * @throws LockbenchError (exit 2) that names what is missing, or too much
 */
export function requireParts({ file, services }: ComposeProject, redisNodes: number): void {
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
