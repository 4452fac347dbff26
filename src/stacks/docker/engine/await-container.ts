import type Dockerode from "dockerode";
import { environmentError } from "../../../domain/errors.ts";
import type { Clock } from "../../../host/clock.ts";
import { pollUntil } from "../../../host/poll.ts";
import type { ComposeService } from "../compose/project.ts";
import type { EngineConnection } from "./connect.ts";
import type { ContainerNews } from "./container-news.ts";
import { engineError } from "./engine-error.ts";
import { becameUnhealthy, diedWhileStarting } from "./failed-container.ts";
import { readState } from "./state.ts";

export interface Watch {
  readonly connection: EngineConnection;
  readonly news: ContainerNews;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

type Facts = Dockerode.ContainerInspectInfo;
const HEALTH = "its health check to pass";

type Verdict = "wait" | "done" | "died" | "unhealthy";

/** How often something with a restart policy may die before it counts as dead. */
const RESTARTS_ALLOWED = 3;
const SIGKILL_EXIT = 137;
const OOM_POLL_MS = 50;
const OOM_WITHIN_MS = 1000;

/**
 * Waits until a container runs and, if it has a health check, is healthy.
 * @throws LockbenchError (exit 5) as soon as it dies or becomes unhealthy, with the end of its log
 */
export async function awaitReady(watch: Watch, service: ComposeService, id: string): Promise<Facts> {
  return look(watch, service, id, ({ State }) => (State.Health === undefined ? null : HEALTH), ofReadiness);
}

/**
 * Looks once more at a container that was ready: it may have died since.
 * @throws LockbenchError (exit 5) when it has, with the end of its log
 */
export async function stillReady(watch: Watch, service: ComposeService, id: string): Promise<Facts> {
  return look(watch, service, id, () => null, ofReadiness);
}

function ofReadiness(facts: Facts): Verdict {
  const { health, running } = readState(facts);
  if (isOver(facts)) return hasFailed(facts) || health !== "none" ? "died" : "done";
  // The engine calls what has just ended unhealthy too.
  if (!running || facts.State.Restarting) return "wait";
  if (health === "unhealthy") return "unhealthy";
  return health === "starting" ? "wait" : "done";
}

/** @throws LockbenchError (exit 5) when somebody waits for the health of something that has no health check */
export function requireHealth(service: ComposeService, facts: Facts, forWhom: string): void {
  if (readState(facts).health === "healthy") return;
  throw environmentError(
    "NO_HEALTHCHECK",
    `${forWhom} waits for ${service.name} to be healthy (depends_on, condition: service_healthy), but ${service.name} has no health check`,
    { hint: `give ${service.name} a healthcheck (${service.at}), or let ${forWhom} wait for service_started` },
  );
}

/**
 * Waits until a container has ended with exit code 0.
 * @throws LockbenchError (exit 5) when it ends with another one
 */
export async function awaitCompleted(watch: Watch, service: ComposeService, id: string): Promise<void> {
  await look(
    watch,
    service,
    id,
    () => "its end with exit code 0",
    (facts) => {
      if (!isOver(facts)) return "wait";
      return hasFailed(facts) ? "died" : "done";
    },
  );
}

async function look(
  { connection, news, clock, signal }: Watch,
  service: ComposeService,
  id: string,
  what: (facts: Facts) => string | null,
  judge: (facts: Facts) => Verdict,
): Promise<Facts> {
  const since = clock.now();
  const container = connection.docker.getContainer(id);
  /** The engine may hear after the end that it was for want of memory. */
  const laterWord = async (facts: Facts): Promise<Facts> => {
    if (!mayWantMemory(facts)) return facts;
    const told = await pollUntil({ clock, signal, everyMs: OOM_POLL_MS, withinMs: OOM_WITHIN_MS }, async () => {
      const now = await container.inspect().catch(() => facts);
      return now.State.OOMKilled ? now : undefined;
    });
    return told ?? facts;
  };
  return news.until(id, signal, async () => {
    const facts = await container.inspect().catch((error: unknown) => {
      throw engineError(`${service.name} cannot be looked at while it starts`, error);
    });
    const verdict = judge(facts);
    const awaited = { service: service.name, at: service.at, what: what(facts), waitedMs: clock.now() - since };
    if (verdict === "died") throw await diedWhileStarting(connection, awaited, await laterWord(facts));
    if (verdict === "unhealthy") throw await becameUnhealthy(connection, awaited, facts);
    return verdict === "done" ? facts : undefined;
  });
}

/** Killed under a limit of memory, and nobody has said why. */
function mayWantMemory({ State, HostConfig }: Facts): boolean {
  return State.ExitCode === SIGKILL_EXIT && !State.OOMKilled && (HostConfig.Memory ?? 0) > 0;
}

function isOver({ State, RestartCount }: Facts): boolean {
  if (State.Restarting) return RestartCount >= RESTARTS_ALLOWED;
  return State.Status === "exited" || State.Status === "dead";
}

function hasFailed({ State }: Facts): boolean {
  return State.ExitCode !== 0;
}
