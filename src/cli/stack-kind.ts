import { usageError } from "../domain/errors.ts";
import type { Plan } from "../domain/plan.ts";
import type { Environment } from "../host/programs.ts";
import { didYouMean } from "../host/suggest.ts";
import { obstacle, requireContainable } from "../stacks/docker/topology.ts";
import { findRedisProgram } from "../stacks/local/redis-program.ts";

const KINDS = ["auto", "local", "docker"] as const;

export type StackKind = (typeof KINDS)[number];

/** @throws LockbenchError (exit 2) for a kind of stack that there is not */
export function stackKind(asked: string): StackKind {
  const kind = KINDS.find((one) => one === asked);
  if (kind !== undefined) return kind;
  throw usageError(
    `--stack: expected ${KINDS.join(", ")}, found "${asked}"${didYouMean(asked, KINDS)}`,
    "leave it out: auto takes what this machine has",
  );
}

/** @throws LockbenchError (exit 2) for a plan that this kind of stack cannot bring up */
export function requireFit(kind: StackKind, plan: Plan): void {
  if (kind === "docker") requireContainable(plan);
}

/**
 * A run in containers is judged without the checks of locks, so it is no evidence for a plan that has them judged.
 * @throws LockbenchError (exit 2) for a plan with a wire tap that would be run in containers
 */
export function requireTap(kind: StackKind, plan: Plan, env: Environment): void {
  const inContainers = kind === "docker" || (kind === "auto" && chooseKind(plan, env).kind === "docker");
  if (!plan.stack.tap || !inContainers) return;
  throw usageError(
    `--stack ${kind}: ${plan.scenario} is judged by what passes between the servers and Redis, expected a stack with a wire tap, found containers, which have none`,
    "type: --stack local; it needs redis-server or valkey-server on PATH",
  );
}

export interface ChosenKind {
  readonly kind: "local" | "docker";
  /** Fits behind the kind and a comma. */
  readonly why: string;
}

/** What `auto` means for a plan on this machine: processes wherever they can be started, for they are up sooner. */
export function chooseKind(plan: Plan, env: Environment): ChosenKind {
  const { start } = plan.target;
  if (plan.stack.redisNodes === 0) return { kind: "local", why: "the scenario starts no Redis" };
  const program = findRedisProgram(env);
  if (program !== undefined) return { kind: "local", why: `${program} is there` };
  const why = obstacle(plan);
  if (start !== null && why === undefined) return { kind: "docker", why: "no redis-server or valkey-server on PATH" };
  return { kind: "local", why: why ?? "there is no server to start" };
}
