import { LockbenchError } from "../../domain/errors.ts";
import type { Plan } from "../../domain/plan.ts";
import { inNewSession } from "../sessions/in-session.ts";
import type { SessionKeeper } from "../sessions/keeper.ts";
import { takeLease } from "../sessions/leases.ts";
import type { RedisNode, RunningStack, UpOptions } from "../stack.ts";
import { redisVariables } from "../variables.ts";
import { awaitServers } from "./await-servers.ts";
import { type Blueprint, blueprintOf, projectFor } from "./blueprint.ts";
import type { ComposeProject } from "./compose/project.ts";
import { connectEngine, type EngineConnection } from "./engine/connect.ts";
import { requireEngineOfThisMachine } from "./engine-of-this-machine.ts";
import { PORT_HELD } from "./engine/start-failure.ts";
import { upProject } from "./engine/up.ts";
import { withHostPorts } from "./host-ports.ts";
import { insideVariables, withTarget } from "./inside.ts";
import { labelsOf } from "./labels.ts";
import type { DockerStackOptions } from "./options.ts";
import { ownStack } from "./running-stack.ts";
import { serviceOf } from "./service.ts";

const TRIES = 3;

/** Brings up the containers that the plan asks for; when any of it fails, all of it is removed again. */
export async function bringUp(options: DockerStackOptions, plan: Plan, up: UpOptions): Promise<RunningStack> {
  up.signal.throwIfAborted();
  const { runtime } = options;
  const blueprint = await blueprintOf(options, plan);
  const { fingerprint } = blueprint;
  const connection = await connectEngine(runtime.env);
  requireEngineOfThisMachine(connection);
  const order = { kind: "docker", plan, up, fingerprint, engine: connection.address };
  for (let tried = 1; ; tried += 1) {
    try {
      return await inNewSession(runtime, order, async (keeper) => {
        const project = await projectOf(options, plan, up, blueprint, keeper.session.id);
        return start(options, plan, up, connection, project, keeper);
      });
    } catch (error) {
      if (tried === TRIES || !lostAPort(error)) throw error;
      up.progress(`${error.message}; once more, with other ports`);
    }
  }
}

/** Somebody who does not use our reservations took a port that was free when it was chosen. */
function lostAPort(error: unknown): error is LockbenchError {
  return error instanceof LockbenchError && error.code === PORT_HELD;
}

async function start(
  options: DockerStackOptions,
  plan: Plan,
  up: UpOptions,
  connection: EngineConnection,
  project: ComposeProject,
  keeper: SessionKeeper,
): Promise<RunningStack> {
  const { runtime } = options;
  const { clock } = runtime;
  const { signal, progress } = up;
  const labels = labelsOf(keeper.session);
  const containers = await upProject(connection, { project, labels, signal, clock, progress });
  const startedAt = clock.date().toISOString();
  const services = containers.map((container) => serviceOf(container, project, startedAt));
  const servers = services.filter(({ role }) => role === "server");
  const urls = servers.map(({ port }) => `http://127.0.0.1:${String(port)}`);
  await awaitServers(runtime, plan, urls, signal);
  const redis: RedisNode[] = services
    .filter(({ role }) => role === "redis")
    .map(({ name, port }) => ({ name, url: `redis://127.0.0.1:${String(port)}`, owned: true }));
  signal.throwIfAborted();
  if (up.stays) takeLease(runtime, keeper.path);
  keeper.change({
    ready: true,
    services,
    servers: urls,
    redis,
    variables: { ...insideVariables(plan, keeper.session.id), ...redisVariables(redis), port: servers[0]?.port ?? 0 },
  });
  return ownStack(runtime, connection, keeper);
}

/** The Compose file with what the plan, the settings and the free ports of this machine say. */
async function projectOf(
  options: DockerStackOptions,
  plan: Plan,
  { progress }: UpOptions,
  blueprint: Blueprint,
  session: string,
): Promise<ComposeProject> {
  const project = await projectFor(options, plan, blueprint, session);
  for (const warning of project.warnings) progress(warning);
  const wishes = { settings: blueprint.settings, serverPort: plan.stack.port };
  return withTarget(await withHostPorts(options.runtime, session, project, wishes), plan, session);
}
