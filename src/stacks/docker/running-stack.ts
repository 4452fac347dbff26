import { releaseLease } from "../sessions/leases.ts";
import { dataFolder } from "../sessions/folders.ts";
import { removeSession } from "../sessions/remove.ts";
import type { Runtime } from "../sessions/runtime.ts";
import type { Session } from "../sessions/session.ts";
import type { RunningStack } from "../stack.ts";
import { type DoorDatabases, remoteDatabases } from "./databases.ts";
import type { EngineConnection } from "./engine/connect.ts";
import { watchDeaths } from "./engine/state.ts";
import { labelsOf, sessionLabel } from "./labels.ts";
import { openDoor } from "./open-door.ts";

/** A stack that this command has brought up. */
export function ownStack(runtime: Runtime, connection: EngineConnection, path: string, session: Session): RunningStack {
  const { watch, databases, ...stack } = watchedStack(connection, path, session);
  let going: Promise<unknown> | undefined;
  return {
    ...stack,
    databases,
    reused: false,
    async down() {
      // The helper is removed with everything else.
      watch.stop();
      going ??= removeSession(runtime, session.id, path, session);
      await going;
    },
  };
}

/** A stack that an earlier command has brought up: it stays. */
export function reusedStack(
  runtime: Runtime,
  connection: EngineConnection,
  path: string,
  session: Session,
): RunningStack {
  const { watch, databases, ...stack } = watchedStack(connection, path, session);
  return {
    ...stack,
    databases,
    reused: true,
    async down() {
      watch.stop();
      await databases.close();
      releaseLease(runtime, path);
    },
  };
}

type Watched = Omit<RunningStack, "reused" | "down"> & {
  readonly watch: { readonly stop: () => void };
  readonly databases: DoorDatabases;
};

function watchedStack(connection: EngineConnection, path: string, session: Session): Watched {
  const { id, kind, servers, redis, variables, services } = session;
  const names = new Map(services.map(({ name, container }) => [container, name]));
  const dead: string[] = [];
  const watch = watchDeaths(connection, sessionLabel(id), ({ container, exitCode, tail }) => {
    const name = names.get(container);
    // Helpers carry the label too, and come and go.
    if (name !== undefined) dead.push(obituary(name, exitCode, tail));
  });
  const server = services.find(({ role }) => role === "server")?.container ?? "";
  const databases = remoteDatabases(() => openDoor(connection.docker, server, labelsOf(session)), dataFolder(path));
  return {
    id,
    kind,
    servers,
    redis,
    variables,
    databases,
    casualties: () => dead,
    watch,
  };
}

function obituary(service: string, exitCode: number, tail: readonly string[]): string {
  const log = tail.length === 0 ? "its log is empty" : `its log ends: ${tail.map((line) => line.trim()).join(" | ")}`;
  return `${service} died: exit code ${String(exitCode)}; ${log}`;
}
