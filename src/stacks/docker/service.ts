import { environmentError } from "../../domain/errors.ts";
import { serverName } from "../../domain/service-name.ts";
import type { Service } from "../sessions/session.ts";
import type { ComposeProject } from "./compose/project.ts";
import type { UpContainer } from "./engine/up.ts";
import { REDIS_PORT, SERVER, SERVER_PORT } from "./inside.ts";

/** A container as the session remembers it: the server's replicas are `app`, `app1`, …, as on the local stack. */
export function serviceOf(container: UpContainer, project: ComposeProject, startedAt: string): Service {
  const { service, index, name } = container;
  const isServer = service === SERVER;
  const stopWithinMs = project.services.find((one) => one.name === service)?.stopGraceMs ?? 0;
  return {
    name: isServer ? serverName(index - 1) : service,
    role: isServer ? "server" : "redis",
    process: null,
    container: name,
    port: publishedPort(container, isServer ? SERVER_PORT : REDIS_PORT),
    log: "",
    command: [],
    cwd: "",
    env: {},
    stopWithinMs,
    startedAt,
  };
}

function publishedPort({ service, ports }: UpContainer, inside: number): number {
  const published = ports.find(({ container }) => container === inside)?.host;
  if (published !== undefined) return published;
  throw environmentError(
    "NOT_PUBLISHED",
    `${service} cannot be reached: expected its port ${String(inside)} to be published on 127.0.0.1, found it is not`,
  );
}
