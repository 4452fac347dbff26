import type { ComposeSpec } from "./compose-spec.ts";
import type { ComposeNetwork, ComposeService, ComposeVolume } from "./project.ts";
import type { VolumeSpec } from "./schema/resources.ts";

/** The networks that these services use, named as docker compose names them. */
export function usedNetworks(
  project: string,
  { networks }: ComposeSpec,
  services: readonly ComposeService[],
): readonly ComposeNetwork[] {
  const used = new Set(services.flatMap((service) => service.networks.map(({ network }) => network)));
  return [...used].map((key) => ({
    ...resource(project, key, networks[key]),
    internal: networks[key]?.internal ?? false,
  }));
}

/** The named volumes that these services use, named as docker compose names them. */
export function usedVolumes(
  project: string,
  { volumes }: ComposeSpec,
  services: readonly ComposeService[],
): readonly ComposeVolume[] {
  const named = services.flatMap(({ mounts }) =>
    mounts.flatMap((mount) => (mount.kind === "volume" ? [mount.volume] : [])),
  );
  const used = new Set(named.filter((key) => key !== null));
  return [...used].map((key) => resource(project, key, volumes[key]));
}

function resource(project: string, key: string, spec: VolumeSpec | undefined): ComposeVolume {
  const external = spec?.external ?? false;
  return {
    key,
    name: spec?.name ?? (external ? key : `${project}_${key}`),
    driver: spec?.driver ?? null,
    labels: spec?.labels ?? {},
    external,
  };
}
