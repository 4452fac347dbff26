import type Dockerode from "dockerode";
import { environmentError } from "../../../domain/errors.ts";
import type { EngineConnection } from "./connect.ts";
import { engineError, unlessGone } from "./engine-error.ts";
import { type ContainerEvent, hearContainers } from "./event-stream.ts";
import { tailOf } from "./logs.ts";
import { markOf } from "./marks.ts";
import { publishedPorts, type PublishedPort } from "./published-ports.ts";

export interface ContainerState {
  /** True for a paused one as well. */
  readonly running: boolean;
  readonly paused: boolean;
  /** `none` where it has no health check. */
  readonly health: "healthy" | "unhealthy" | "starting" | "none";
  /** Of the last end; 0 while it has not ended. */
  readonly exitCode: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** True when the kernel killed something in it for want of memory. */
  readonly oomKilled: boolean;
  readonly ports: readonly PublishedPort[];
}

/** @throws LockbenchError (exit 5, code NO_CONTAINER) when there is no such container */
export async function stateOf({ docker }: EngineConnection, container: string): Promise<ContainerState> {
  const found = await unlessGone(docker.getContainer(container).inspect()).catch((error: unknown) => {
    throw engineError(`container ${container} cannot be looked at`, error);
  });
  if (found !== undefined) return readState(found);
  throw environmentError("NO_CONTAINER", `container ${container}: expected it to be there, found none`, {
    hint: "somebody else removed it: type `lockbench down`, then `lockbench up`",
  });
}

export function readState({ State, NetworkSettings }: Dockerode.ContainerInspectInfo): ContainerState {
  return {
    running: State.Running,
    paused: State.Paused,
    health: healthOf(State.Health?.Status),
    exitCode: State.ExitCode,
    startedAt: State.StartedAt,
    oomKilled: State.OOMKilled,
    ports: publishedPorts(NetworkSettings.Ports),
  };
}

function healthOf(status: string | undefined): ContainerState["health"] {
  return status === "healthy" || status === "unhealthy" || status === "starting" ? status : "none";
}

export interface Death {
  /** Name of the container. */
  readonly container: string;
  /** Name of the service in the Compose file; "" for a helper. */
  readonly service: string;
  readonly exitCode: number;
  /** The last lines of its log. */
  readonly tail: readonly string[];
}

const TAIL_LINES = 15;

/**
 * Tells of every container with a label that dies from now on. It does not
 * keep the process alive. When the engine itself goes, nothing more is told.
 * @param label `key=value`
 */
export function watchDeaths(
  connection: EngineConnection,
  label: string,
  onDeath: (death: Death) => void,
): { stop(): void } {
  const end = new AbortController();
  const hear = ({ action, id, attributes }: ContainerEvent): void => {
    if (action !== "die") return;
    const { service } = markOf(attributes);
    const exitCode = Number(attributes["exitCode"] ?? -1);
    const tell = (tail: readonly string[]): void => {
      if (!end.signal.aborted) onDeath({ container: attributes["name"] ?? id, service, exitCode, tail });
    };
    tailOf(connection, id, TAIL_LINES).then(tell, () => {
      tell([]);
    });
  };
  const nothing = (): void => undefined;
  hearContainers(connection.docker, [label], end.signal, hear, nothing).catch(nothing);
  return {
    stop() {
      end.abort();
    },
  };
}
