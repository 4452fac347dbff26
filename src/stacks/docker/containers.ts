import type { Environment } from "../../host/programs.ts";
import type { Containers, ContainerState } from "../sessions/containers.ts";
import type { Service, Session } from "../sessions/session.ts";
import { remoteDatabases } from "./databases.ts";
import { connectEngine, type EngineConnection } from "./engine/connect.ts";
import { followLogs, tailOf } from "./engine/logs.ts";
import { removeLabelled } from "./engine/remove.ts";
import { stateOf } from "./engine/state.ts";
import { labelsOf, sessionLabel } from "./labels.ts";
import { openDoor } from "./open-door.ts";

/** What sessions need of the engine, over dockerode. One connection for each engine that they name. */
export function engineContainers(env: Environment): Containers {
  const connections = new Map<string, Promise<EngineConnection>>();

  function engineOf({ engine }: Pick<Session, "engine">): Promise<EngineConnection> {
    const address = engine ?? env["DOCKER_HOST"] ?? "";
    const known = connections.get(address);
    if (known !== undefined) return known;
    // The engine that it was started on, whatever the environment says by now.
    const connection = connectEngine({ ...env, DOCKER_HOST: address });
    connections.set(address, connection);
    return connection;
  }

  return {
    remove: async (session) => removeLabelled(await engineOf(session), sessionLabel(session.id), { graceful: true }),
    stateOf: async (session, service) => describe(await stateOf(await engineOf(session), nameOf(service))),
    async readLog(session, service, { lines, onLine }) {
      const engine = await engineOf(session);
      await stateOf(engine, nameOf(service));
      for (const line of await tailOf(engine, nameOf(service), lines)) onLine(line);
    },
    async followLog(session, service, options) {
      const engine = await engineOf(session);
      await stateOf(engine, nameOf(service));
      await followLogs(engine, nameOf(service), options);
    },
    databases: (session) =>
      remoteDatabases(async () => {
        const { docker } = await engineOf(session);
        return openDoor(docker, serverOf(session), labelsOf(session));
      }),
  };
}

function nameOf({ name, container }: Service): string {
  return container ?? name;
}

/** Any server will do: they share one volume. */
function serverOf({ services }: Session): string {
  return services.find(({ role }) => role === "server")?.container ?? "";
}

function describe(state: Awaited<ReturnType<typeof stateOf>>): ContainerState {
  const { running, paused, health, exitCode, startedAt } = state;
  if (!running) return { running, since: null, says: `exited with code ${String(exitCode)}` };
  if (paused) return { running: false, since: startedAt, says: "paused (`docker unpause` lets it go on)" };
  return { running, since: startedAt, says: health === "none" ? "running" : health };
}
