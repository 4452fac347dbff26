import * as z from "zod";
import type { Mistakes } from "../../../host/yaml/mistakes.ts";
import { isMapping, type Mapping, spellFound } from "../../../host/yaml/path.ts";
import { readSections } from "../../../host/yaml/sections.ts";
import { type NetworkSpec, networksSchema, type VolumeSpec, volumesSchema } from "./schema/resources.ts";
import { type ServiceSpec, serviceSchema } from "./schema/service.ts";
import { supportedKeys } from "./supported-keys.ts";

/** What a Compose file says, in one form; sections with mistakes are left out. */
export interface ComposeSpec {
  readonly services: ReadonlyMap<string, Partial<ServiceSpec>>;
  readonly networks: Readonly<Record<string, NetworkSpec>>;
  readonly volumes: Readonly<Record<string, VolumeSpec>>;
  /** What the file declares, sound or not. */
  readonly declared: { readonly networks: readonly string[]; readonly volumes: readonly string[] };
}

const fileSchema = z.object({
  // Obsolete, and the one key that is accepted without an effect.
  version: z.unknown(),
  // Read before the rest, which may use it.
  name: z.unknown(),
  services: z.custom<Mapping>((value) => isMapping(value) && Object.keys(value).length > 0, {
    error: "a mapping of at least one service",
  }),
  networks: networksSchema.prefault({}),
  volumes: volumesSchema.prefault({}),
});

const SERVICE_NAME = /^[\w.-]+$/;

export function readSpec(value: Mapping, mistakes: Mistakes): ComposeSpec {
  const file = readSections(fileSchema, supportedKeys(value, [], mistakes), [], mistakes);
  const services = Object.entries(file.services ?? {}).map(
    ([name, service]) => [name, readService(name, service, mistakes)] as const,
  );
  return {
    services: new Map(services),
    networks: file.networks ?? {},
    volumes: file.volumes ?? {},
    declared: { networks: keysOf(value["networks"]), volumes: keysOf(value["volumes"]) },
  };
}

function readService(name: string, value: unknown, mistakes: Mistakes): Partial<ServiceSpec> {
  const path = ["services", name];
  if (!SERVICE_NAME.test(name)) {
    mistakes.at(path, (where) => `${where}: expected a name of letters, digits and _ . -, found "${name}"`, "key");
  }
  if (!isMapping(value)) {
    mistakes.expected(path, "a mapping of image or build, ports, …", spellFound(value));
    return {};
  }
  if (!("image" in value) && !("build" in value)) {
    mistakes.at(path, (where) => `${where}: expected image or build, found neither`, "key");
  }
  return readSections(serviceSchema, supportedKeys(value, path, mistakes), path, mistakes);
}

function keysOf(value: unknown): readonly string[] {
  return isMapping(value) ? Object.keys(value) : [];
}
