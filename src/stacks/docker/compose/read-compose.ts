import { dirname, resolve } from "node:path";
import { usageError } from "../../../domain/errors.ts";
import { isMapping, type Mapping, spellFound } from "../../../host/yaml/path.ts";
import { activeServices, scaleOf } from "./active-services.ts";
import { findCircleMistakes } from "./circle-mistakes.ts";
import { ComposeFile } from "./compose-file.ts";
import { readSpec } from "./compose-spec.ts";
import { findContainerMistakes } from "./container-mistakes.ts";
import type { Lookup } from "./interpolate.ts";
import { interpolateValues } from "./interpolate-values.ts";
import type { ComposeProject, ComposeService } from "./project.ts";
import { A_PROJECT_NAME, isProjectName, nameOfFolder } from "./project-name.ts";
import { findReferenceMistakes } from "./reference-mistakes.ts";
import { resolveService } from "./resolve-service.ts";
import { usedNetworks, usedVolumes } from "./resources.ts";
import type { ServiceSpec } from "./schema/service.ts";
import { findBuildMistakes, readEnvFiles, type Variables } from "./service-files.ts";
import { readSurroundings } from "./surroundings.ts";

export interface ComposeSource {
  readonly file: string;
  /** Values for `${…}`; over what a .env file beside the Compose file says. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Services with a profile start only when one of theirs is named here; `*` names all. */
  readonly profiles: readonly string[];
  /** Overrides `name:` of the file. */
  readonly projectName?: string;
  /** Containers by service, over what the file says. */
  readonly scale?: Readonly<Record<string, number>>;
}

export interface ReadProject extends ComposeProject {
  /** `file:line:column: message` for what is odd but allowed, such as a variable that is not set. */
  readonly warnings: readonly string[];
}

/** The services that start, and what their env_files say. */
interface Starting {
  readonly spec: Partial<ServiceSpec>;
  readonly fromFiles: Variables;
}

/**
 * Reads a Compose file, its `.env` and its env_files; starts nothing.
 * @throws LockbenchError (exit 2) with every mistake as `file:line:column: path: expected …, found …`
 */
export async function readCompose(source: ComposeSource): Promise<ReadProject> {
  const file = await ComposeFile.read(source.file);
  const { mistakes } = file;
  if (!isMapping(file.value)) {
    if (!mistakes.any) mistakes.expected([], "a mapping of services, networks and volumes", spellFound(file.value));
    file.requireSound();
  }
  const folder = dirname(resolve(source.file));
  const surroundings = await readSurroundings(folder, source.variables);
  mistakes.add(surroundings.mistakes);
  file.templates.warnings.add(surroundings.warnings);
  const raw = isMapping(file.value) ? file.value : {};
  const name = projectName(source, raw, folder, surroundings.lookup, file);
  const lookup: Lookup = (variable) => (variable === "COMPOSE_PROJECT_NAME" ? name : surroundings.lookup(variable));
  const spec = readSpec(interpolateSections(raw, lookup, file), mistakes);
  const active = activeServices(spec, source.profiles);
  const names = new Set(active.keys());
  findReferenceMistakes(spec, names, mistakes);
  findCircleMistakes(active, mistakes);
  findContainerMistakes(active, source.scale ?? {}, mistakes);
  const starting = await readFiles(active, folder, lookup, file);
  file.requireSound();
  const services = [...starting].map(([service, { spec: own, fromFiles }]): ComposeService => {
    const at = file.placeOf(["services", service]);
    const scale = scaleOf(service, own, source.scale ?? {});
    // Nothing was wrong, so no section was left out.
    return resolveService(own as ServiceSpec, { name: service, at, folder, lookup, scale, active: names, fromFiles });
  });
  const networks = usedNetworks(name, spec, services);
  const volumes = usedVolumes(name, spec, services);
  return { name, file: source.file, folder, services, networks, volumes, warnings: file.warnings };
}

function projectName(source: ComposeSource, raw: Mapping, folder: string, lookup: Lookup, file: ComposeFile): string {
  if (source.projectName !== undefined && !isProjectName(source.projectName)) {
    throw usageError(`project name: expected ${A_PROJECT_NAME}, found "${source.projectName}"`);
  }
  const given = interpolateValues(raw["name"], ["name"], lookup, file.templates);
  const name = given === undefined ? (source.projectName ?? nameOfFolder(folder)) : given;
  if (typeof name === "string" && isProjectName(name)) return source.projectName ?? name;
  file.mistakes.expected(["name"], A_PROJECT_NAME, spellFound(given));
  return "";
}

/** All but the name, which is known by then, and extensions, which nobody reads. */
function interpolateSections(raw: Mapping, lookup: Lookup, { templates }: ComposeFile): Mapping {
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key,
      key === "name" || key.startsWith("x-") ? value : interpolateValues(value, [key], lookup, templates),
    ]),
  );
}

async function readFiles(
  services: ReadonlyMap<string, Partial<ServiceSpec>>,
  folder: string,
  lookup: Lookup,
  { mistakes, templates: { warnings } }: ComposeFile,
): Promise<ReadonlyMap<string, Starting>> {
  const read = new Map<string, Starting>();
  for (const [name, spec] of services) {
    const path = ["services", name];
    await findBuildMistakes(spec, path, folder, mistakes);
    read.set(name, { spec, fromFiles: await readEnvFiles(spec, path, folder, lookup, { mistakes, warnings }) });
  }
  return read;
}
