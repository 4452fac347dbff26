import { join } from "node:path";
import { usageError } from "../../domain/errors.ts";
import type { Plan } from "../../domain/plan.ts";
import { placeholders } from "../../domain/template.ts";

/** The bundled Compose files by the number of their Redis nodes. */
const FILES = new Map([
  [1, "single.yml"],
  [5, "redlock.yml"],
]);
/** A path that begins so lies in the image as well. */
const BUNDLED = "lockbench";

/** The Compose file that brings up what a plan asks for. */
export function composeFileFor({ stack }: Plan, lockbench: string): string {
  return join(lockbench, "compose", FILES.get(stack.redisNodes) ?? "");
}

/**
 * Refuses a plan that containers cannot serve, before anything is started.
 * @throws LockbenchError (exit 2) that says which line of the scenario stands in the way
 */
export function requireContainable(plan: Plan): void {
  const why = obstacle(plan);
  if (why === undefined) return;
  throw usageError(`--stack docker: ${plan.scenario} cannot run in containers: ${why}`, "type: --stack local");
}

/** Why a plan cannot run in the bundled containers, or undefined when it can. */
export function obstacle(plan: Plan): string | undefined {
  const { stack, target } = plan;
  if (target.start === null) return "target.url names a server that runs already";
  if (stack.externalRedis.length > 0) return "stack.redis.external names Redis servers that run already";
  if (!FILES.has(stack.redisNodes)) {
    return `stack.redis: expected ${[...FILES.keys()].join(" or ")} nodes, found ${String(stack.redisNodes)}`;
  }
  if (placeholders(target.start.env).includes("replica")) return "target.start.env tells servers apart by ${replica}";
  if (!placeholders([...target.start.command]).includes(BUNDLED)) {
    return "target.start runs a server of this machine, expected one that is bundled with lockbench";
  }
  return faultObstacle(plan);
}

/** Faults that only the local stack can inject: it has a wire tap, and Redis nodes with files. */
function faultObstacle({ faults, stack }: Plan): string | undefined {
  for (const [place, { action }] of faults.entries()) {
    const where = `faults[${String(place)}].${action.kind}`;
    if (action.kind === "latency") return `${where}: there is no wire tap between containers`;
    if (action.kind === "partition" && (action.direction !== "both" || action.servers.length !== stack.replicas)) {
      return `${where}: a container is cut off in both directions and from all servers, for want of a wire tap`;
    }
    if (action.kind === "kill" && action.keepData) return `${where}: the containers of Redis cannot keep their data`;
  }
  return undefined;
}
