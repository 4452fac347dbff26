import { environmentError, type LockbenchError } from "../../../domain/errors.ts";
import { portHolder } from "../../../host/port-holder.ts";
import { systemProcesses } from "../../../host/system-processes.ts";
import type { ComposeService } from "../compose/project.ts";
import type { EngineConnection } from "./connect.ts";
import { engineError, saidBy } from "./engine-error.ts";

/** `Bind for 127.0.0.1:6380 failed: port is already allocated`, `listen tcp4 127.0.0.1:6380: bind: address already in use`. */
const TAKEN = /(?:Bind for|listen (?:tcp|udp)[46]?) (\S*):(\d+)\b.*(?:already allocated|already in use)/;

/** Of the error that tells of a published port which somebody else holds. */
export const PORT_HELD = "PUBLISHED_PORT_TAKEN";

/** Why a container could not be created or started; for a port that is taken, by whom. */
export async function startFailure(
  connection: EngineConnection,
  { name, at }: ComposeService,
  error: unknown,
): Promise<LockbenchError> {
  const taken = TAKEN.exec(saidBy(error));
  if (taken === null) {
    return engineError(`${name} cannot be started`, error, `look at ${name} in ${at}`);
  }
  const [, address = "", port = ""] = taken;
  const holder = await holderOf(connection, Number(port));
  return environmentError(
    PORT_HELD,
    `port taken: ${name} cannot be published on ${address}:${port}, which is held by ${holder}`,
    { hint: `stop it, or choose another port for ${name} (${at})`, cause: error },
  );
}

async function holderOf({ docker, address }: EngineConnection, port: number): Promise<string> {
  // A container that could not bind it lists no public port, so whoever does is the holder.
  const containers = await docker.listContainers({ filters: { publish: [String(port)] } }).catch(() => []);
  const holder = containers.find(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === port));
  if (holder !== undefined) return `the container ${(holder.Names[0] ?? holder.Id).replace(/^\//, "")}`;
  const here = address.startsWith("unix:") ? portHolder(port, systemProcesses()) : undefined;
  return here === undefined
    ? "a process that cannot be seen from here"
    : `${here.commandLine} (pid ${String(here.pid)})`;
}
