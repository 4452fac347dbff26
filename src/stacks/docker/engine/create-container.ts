import type { EngineConnection } from "./connect.ts";
import { type ContainerPlan, containerName, containerOptions, endpoint, engineName } from "./container-options.ts";
import { startFailure } from "./start-failure.ts";

export interface Created {
  readonly id: string;
  readonly name: string;
}

/** @throws LockbenchError (exit 5) with the engine's words */
export async function createContainer(connection: EngineConnection, plan: ContainerPlan): Promise<Created> {
  const { docker } = connection;
  const { project, service, mark } = plan;
  const options = containerOptions(plan);
  try {
    const { id } = await docker.createContainer(options);
    // Engines before API 1.44 take one network when a container is created.
    for (const attachment of service.networks.slice(1)) {
      const network = docker.getNetwork(engineName(project.networks, attachment.network));
      await network.connect({ Container: id, EndpointConfig: endpoint(service, attachment) });
    }
    return { id, name: containerName(project, service, mark.index) };
  } catch (error) {
    throw await startFailure(connection, service, error);
  }
}

/** @throws LockbenchError (exit 5; code PUBLISHED_PORT_TAKEN where a port is held by somebody else) */
export async function startContainer(connection: EngineConnection, plan: ContainerPlan, id: string): Promise<void> {
  try {
    await connection.docker.getContainer(id).start();
  } catch (error) {
    throw await startFailure(connection, plan.service, error);
  }
}
