import type Dockerode from "dockerode";
import type { ComposeDependency } from "../compose/project.ts";
import { awaitCompleted, awaitReady, requireHealth, stillReady } from "./await-container.ts";
import type { EngineConnection } from "./connect.ts";
import type { ContainerNews } from "./container-news.ts";
import { startContainer } from "./create-container.ts";
import type { JointWork } from "./joint-work.ts";
import { containerMaker } from "./make-containers.ts";
import { publishedPorts } from "./published-ports.ts";
import type { Slot } from "./slots.ts";
import type { UpContainer, UpOrder } from "./up-order.ts";

export interface StartUp {
  /** Starts a container, and what it depends on before, and waits until it is ready. */
  start(slot: Slot): Promise<void>;
  /** Looks at it again: meanwhile, it may have died. */
  describe(slot: Slot): Promise<UpContainer>;
}

/**
 * The parts of bringing up a project, each done once, when it is asked for:
 * what does not depend on each other happens at the same time. Containers are
 * made before what they depend on is ready, and only started afterwards.
 */
export function startUp(
  connection: EngineConnection,
  order: UpOrder,
  news: ContainerNews,
  work: JointWork,
  slots: readonly Slot[],
): StartUp {
  const { clock } = order;
  const { signal } = work;
  const watch = { connection, news, clock, signal };
  const created = containerMaker(connection, order, work);

  const started = work.once(async (slot: Slot) => {
    const [{ plan, id }] = await Promise.all([
      created(slot),
      ...slot.service.dependsOn.map((dependency) => depended(dependency, slot.service.name)),
    ]);
    signal.throwIfAborted();
    await startContainer(connection, plan, id);
    return id;
  });

  const ready: (slot: Slot) => Promise<Dockerode.ContainerInspectInfo> = work.once(async (slot: Slot) =>
    awaitReady(watch, slot.service, await started(slot)),
  );

  async function depended({ service, condition }: ComposeDependency, forWhom: string): Promise<void> {
    await Promise.all(
      slots
        .filter((slot) => slot.service.name === service)
        .map(async (slot) => {
          const id = await started(slot);
          if (condition === "service_healthy") requireHealth(slot.service, await ready(slot), forWhom);
          if (condition === "service_completed_successfully") await awaitCompleted(watch, slot.service, id);
        }),
    );
  }

  return {
    async start(slot) {
      await ready(slot);
    },
    async describe(slot) {
      const { id, name } = await created(slot);
      const { NetworkSettings } = await stillReady(watch, slot.service, id);
      const { service, mark } = slot;
      return { service: service.name, index: mark.index, id, name, ports: publishedPorts(NetworkSettings.Ports) };
    },
  };
}
