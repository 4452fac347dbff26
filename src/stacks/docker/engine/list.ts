import type Dockerode from "dockerode";
import type { EngineConnection } from "./connect.ts";
import { engineError } from "./engine-error.ts";
import { type Mark, markOf } from "./marks.ts";

export interface LabelledContainer extends Mark {
  readonly id: string;
  readonly name: string;
  /** `created`, `running`, `paused`, `restarting`, `exited`, `removing` or `dead`. */
  readonly state: string;
}

export interface Labelled {
  readonly containers: readonly LabelledContainer[];
  readonly networks: readonly { readonly id: string; readonly name: string }[];
  readonly volumes: readonly string[];
}

/** Everything on the engine that carries a label, running or not. @param label `key=value` */
export async function listLabelled({ docker }: EngineConnection, label: string): Promise<Labelled> {
  const filters = { label: [label] };
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]).catch((error: unknown) => {
    throw engineError(`what carries the label ${label} cannot be listed`, error);
  });
  return {
    containers: containers.map(describe),
    networks: networks.map(({ Id: id, Name: name }) => ({ id, name })),
    // The engine says null for none.
    volumes: ((volumes.Volumes as Dockerode.VolumeInspectInfo[] | null) ?? []).map(({ Name }) => Name),
  };
}

function describe({ Id: id, Names, State: state, Labels }: Dockerode.ContainerInfo): LabelledContainer {
  // One that is just being removed may have no name any more.
  const names = Names as readonly string[] | null;
  return { ...markOf(Labels), id, name: (names?.[0] ?? id).replace(/^\//, ""), state };
}
