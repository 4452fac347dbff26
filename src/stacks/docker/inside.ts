import type { Plan } from "../../domain/plan.ts";
import { fill, type Variables } from "../../domain/template.ts";
import { nodeName } from "../../domain/service-name.ts";
import { planVariables } from "../variables.ts";
import type { ComposeProject, ComposeService } from "./compose/project.ts";

/** Where the image has what the package has on this machine. */
const PACKAGE = "/app";
/** Where the volume with the server's files is mounted. */
const DATA = "/data";
export const SERVER_PORT = 8080;
export const REDIS_PORT = 6379;
/** The service of the Compose files that is the server. */
export const SERVER = "app";

/** What placeholders of a start command mean inside the containers. */
export function insideVariables(plan: Plan, session: string): Variables {
  const urls = Array.from(
    { length: plan.stack.redisNodes },
    (_, index) => `redis://${nodeName(index)}:${String(REDIS_PORT)}`,
  );
  return {
    ...planVariables(plan, PACKAGE),
    "redis.url": urls[0] ?? "",
    "redis.urls": urls.join(","),
    "redis.host": nodeName(0),
    "redis.port": REDIS_PORT,
    data: DATA,
    host: "0.0.0.0",
    port: SERVER_PORT,
    replica: 0,
    run: session,
  };
}

/** The project with the server started as the plan's target says. */
export function withTarget(project: ComposeProject, plan: Plan, session: string): ComposeProject {
  const variables = insideVariables(plan, session);
  const { start } = plan.target;
  if (start === null) return project;
  const asPlanned = (service: ComposeService): ComposeService => ({
    ...service,
    command: start.command.map((word) => fill(word, variables)),
    environment: {
      ...service.environment,
      ...Object.fromEntries(Object.entries(start.env).map(([name, value]) => [name, fill(value, variables)])),
    },
    stopGraceMs: start.stopWithinMs,
  });
  return {
    ...project,
    services: project.services.map((service) => (service.name === SERVER ? asPlanned(service) : service)),
  };
}
