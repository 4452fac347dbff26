import type Dockerode from "dockerode";
import { environmentError } from "../../../domain/errors.ts";
import type { EngineConnection } from "./connect.ts";
import { engineError, unlessGone } from "./engine-error.ts";
import { publishedPorts, type PublishedPort } from "./published-ports.ts";

export interface ContainerState {
  /** Full id. */
  readonly id: string;
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
  /** The names of those that it is on. */
  readonly networks: readonly string[];
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

export function readState({ Id, State, NetworkSettings }: Dockerode.ContainerInspectInfo): ContainerState {
  return {
    id: Id,
    running: State.Running,
    paused: State.Paused,
    health: healthOf(State.Health?.Status),
    exitCode: State.ExitCode,
    startedAt: State.StartedAt,
    oomKilled: State.OOMKilled,
    ports: publishedPorts(NetworkSettings.Ports),
    networks: Object.keys(NetworkSettings.Networks),
  };
}

function healthOf(status: string | undefined): ContainerState["health"] {
  return status === "healthy" || status === "unhealthy" || status === "starting" ? status : "none";
}
