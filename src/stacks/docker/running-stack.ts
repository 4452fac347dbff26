import type { SessionEntry } from "../sessions/folders.ts";
import { SessionKeeper } from "../sessions/keeper.ts";
import { releaseLease } from "../sessions/leases.ts";
import { removeSession } from "../sessions/remove.ts";
import type { Runtime } from "../sessions/runtime.ts";
import type { RunningStack } from "../stack.ts";
import { ContainerControls } from "./controls.ts";
import { remoteDatabases } from "./databases.ts";
import type { EngineConnection } from "./engine/connect.ts";
import { labelsOf, sessionLabel } from "./labels.ts";
import { openDoor } from "./open-door.ts";
import { Vigil } from "./vigil.ts";

/** A stack that this command has brought up. */
export async function ownStack(
  runtime: Runtime,
  connection: EngineConnection,
  keeper: SessionKeeper,
): Promise<RunningStack> {
  const stack = await stackOf(runtime, connection, keeper);
  let going: Promise<unknown> | undefined;
  const takeDown = async (): Promise<void> => {
    await stack.end();
    await removeSession(runtime, keeper.session.id, keeper.path, keeper.session);
  };
  return {
    ...stack,
    reused: false,
    async down() {
      going ??= takeDown();
      await going;
    },
  };
}

/** A stack that an earlier command has brought up: it stays. */
export async function reusedStack(
  runtime: Runtime,
  connection: EngineConnection,
  entry: SessionEntry,
): Promise<RunningStack> {
  const stack = await stackOf(runtime, connection, new SessionKeeper(entry));
  return {
    ...stack,
    reused: true,
    async down() {
      try {
        await stack.end();
      } finally {
        releaseLease(runtime, entry.path);
      }
    },
  };
}

type Stack = Omit<RunningStack, "reused" | "down"> & {
  /** Lets go of the engine. */
  end(): Promise<void>;
};

async function stackOf(runtime: Runtime, connection: EngineConnection, keeper: SessionKeeper): Promise<Stack> {
  const { session } = keeper;
  const vigil = await Vigil.begin(runtime.clock, connection, session.services, sessionLabel(session.id));
  const { id, kind, servers, redis, variables, services } = session;
  const server = services.find(({ role }) => role === "server")?.container ?? "";
  const databases = remoteDatabases(() => openDoor(connection.docker, server, labelsOf(session)));
  return {
    id,
    kind,
    servers,
    redis,
    variables,
    controls: new ContainerControls(runtime, connection, keeper, vigil),
    databases,
    end() {
      vigil.end();
      return databases.close();
    },
    casualties: () => vigil.casualties(),
  };
}
