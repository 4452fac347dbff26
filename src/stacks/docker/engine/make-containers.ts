import type { EngineConnection } from "./connect.ts";
import type { ContainerPlan } from "./container-options.ts";
import { createContainer, type Created } from "./create-container.ts";
import { imageMaker } from "./images.ts";
import type { JointWork } from "./joint-work.ts";
import { makeNetwork, makeVolume } from "./make-resources.ts";
import type { Slot } from "./slots.ts";
import type { UpOrder } from "./up-order.ts";

export interface MadeContainer extends Created {
  readonly plan: ContainerPlan;
}

/** Makes containers, and before each what it needs: its image, networks and volumes, all at the same time. */
export function containerMaker(
  connection: EngineConnection,
  { project, labels, clock, progress }: UpOrder,
  work: JointWork,
): (slot: Slot) => Promise<MadeContainer> {
  const { docker } = connection;
  const { signal } = work;
  const network = work.once((key: string) => one(project.networks, key, (it) => makeNetwork(docker, it, labels)));
  const volume = work.once((key: string) => one(project.volumes, key, (it) => makeVolume(docker, it, labels)));
  const image = work.once(imageMaker({ docker, project: project.name, clock, signal, progress }));

  return work.once(async ({ service, mark }) => {
    const [facts] = await Promise.all([
      image(service),
      ...service.networks.map((attachment) => network(attachment.network)),
      ...service.mounts.flatMap((mount) =>
        mount.kind === "volume" && mount.volume !== null ? [volume(mount.volume)] : [],
      ),
    ]);
    signal.throwIfAborted();
    const plan = { project, service, mark, labels, image: facts };
    return { plan, ...(await createContainer(connection, plan)) };
  });
}

async function one<Resource extends { readonly key: string }>(
  all: readonly Resource[],
  key: string,
  make: (resource: Resource) => Promise<void>,
): Promise<void> {
  const resource = all.find((candidate) => candidate.key === key);
  if (resource !== undefined) await make(resource);
}
