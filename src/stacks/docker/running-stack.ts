import { messageOf } from "../../domain/errors.ts";
import { releaseLease } from "../sessions/leases.ts";
import { removeSession } from "../sessions/remove.ts";
import type { Runtime } from "../sessions/runtime.ts";
import type { Service, Session } from "../sessions/session.ts";
import type { RunningStack } from "../stack.ts";
import { type DoorDatabases, remoteDatabases } from "./databases.ts";
import type { EngineConnection } from "./engine/connect.ts";
import { tailOf } from "./engine/logs.ts";
import { stateOf } from "./engine/state.ts";
import { labelsOf } from "./labels.ts";
import { openDoor } from "./open-door.ts";

/** How much of a log fits on the line of a casualty. */
const TAIL_LINES = 3;

/** A stack that this command has brought up. */
export function ownStack(runtime: Runtime, connection: EngineConnection, path: string, session: Session): RunningStack {
  const stack = stackOf(connection, session);
  let going: Promise<unknown> | undefined;
  const takeDown = async (): Promise<void> => {
    await stack.databases.close();
    await removeSession(runtime, session.id, path, session);
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
export function reusedStack(
  runtime: Runtime,
  connection: EngineConnection,
  path: string,
  session: Session,
): RunningStack {
  const stack = stackOf(connection, session);
  return {
    ...stack,
    reused: true,
    async down() {
      try {
        await stack.databases.close();
      } finally {
        releaseLease(runtime, path);
      }
    },
  };
}

type Stack = Omit<RunningStack, "reused" | "down"> & { readonly databases: DoorDatabases };

function stackOf(connection: EngineConnection, session: Session): Stack {
  const { id, kind, servers, redis, variables, services } = session;
  const server = services.find(({ role }) => role === "server")?.container ?? "";
  return {
    id,
    kind,
    servers,
    redis,
    variables,
    databases: remoteDatabases(() => openDoor(connection.docker, server, labelsOf(session))),
    async casualties() {
      const obituaries = await Promise.all(services.map((service) => obituary(connection, service)));
      return obituaries.flat();
    },
  };
}

/** Nothing for a container that runs. One that cannot be looked at is as good as dead. */
async function obituary(connection: EngineConnection, { name, container }: Service): Promise<string[]> {
  try {
    const { running, exitCode } = await stateOf(connection, container ?? "");
    if (running) return [];
    const tail = await tailOf(connection, container ?? "", TAIL_LINES);
    const log = tail.length === 0 ? "its log is empty" : `its log ends: ${tail.map((line) => line.trim()).join(" | ")}`;
    return [`${name} died: exit code ${String(exitCode)}; ${log}`];
  } catch (error) {
    return [`${name} is lost: ${messageOf(error)}`];
  }
}
