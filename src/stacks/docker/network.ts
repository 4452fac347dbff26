import type { Network } from "../stack.ts";
import type { EngineConnection } from "./engine/connect.ts";
import { engineError } from "./engine/engine-error.ts";

/** Takes containers off their networks, and puts them back under the same names. Published ports vanish meanwhile. */
export function containerNetwork({ docker }: EngineConnection, containerOf: (service: string) => string): Network {
  const cut = new Map<string, readonly string[]>();
  return {
    async disconnect(service) {
      const container = containerOf(service);
      try {
        const { NetworkSettings } = await docker.getContainer(container).inspect();
        const networks = Object.keys(NetworkSettings.Networks);
        cut.set(service, networks);
        for (const network of networks)
          await docker.getNetwork(network).disconnect({ Container: container, Force: true });
      } catch (error) {
        throw engineError(`fault: ${service} cannot be taken off its network`, error);
      }
    },
    async connect(service) {
      const request = { Container: containerOf(service), EndpointConfig: { Aliases: [service] } };
      try {
        for (const network of cut.get(service) ?? []) await docker.getNetwork(network).connect(request);
        cut.delete(service);
      } catch (error) {
        throw engineError(`fault: ${service} cannot be put back on its network`, error);
      }
    },
  };
}
