import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Lookup } from "./interpolate.ts";
import type { ComposeBuild, ComposeMount, ComposeService } from "./project.ts";
import type { BuildSpec } from "./schema/build.ts";
import type { ServiceSpec } from "./schema/service.ts";
import { definedOnly, type Variables } from "./service-files.ts";

/** What a service needs to know from around it. */
export interface Around {
  readonly name: string;
  readonly at: string;
  readonly folder: string;
  readonly lookup: Lookup;
  readonly scale: number;
  /** The services that start. */
  readonly active: ReadonlySet<string>;
  /** What its env_files say. */
  readonly fromFiles: Variables;
}

/** A service with absolute paths, the values of its variables, and nothing left out. */
export function resolveService(spec: ServiceSpec, around: Around): ComposeService {
  const { name, at, folder, lookup, scale, active, fromFiles } = around;
  return {
    name,
    at,
    image: spec.image ?? null,
    build: spec.build === undefined ? null : resolveBuild(spec.build, folder, lookup),
    pullPolicy: spec.pull_policy,
    command: spec.command,
    entrypoint: spec.entrypoint,
    environment: definedOnly({ ...fromFiles, ...passThrough(spec.environment, lookup) }),
    ports: spec.ports,
    expose: spec.expose,
    dependsOn: spec.depends_on
      .filter(({ service }) => active.has(service))
      .map(({ service, condition }) => ({ service, condition })),
    healthcheck: spec.healthcheck ?? null,
    labels: spec.labels,
    networks:
      spec.networks.length === 0
        ? [{ network: "default", aliases: [] }]
        : spec.networks.map(({ network, aliases }) => ({ network, aliases })),
    mounts: [...spec.volumes, ...spec.tmpfs].map((mount) => resolveMount(mount, folder, lookup)),
    memoryBytes: spec.mem_limit ?? null,
    restart: spec.restart,
    stopGraceMs: spec.stop_grace_period ?? null,
    stopSignal: spec.stop_signal ?? null,
    scale,
    user: spec.user ?? null,
    workingDir: spec.working_dir ?? null,
    hostname: spec.hostname ?? null,
    containerName: spec.container_name ?? null,
    readOnly: spec.read_only,
    init: spec.init ?? null,
    capAdd: spec.cap_add,
    capDrop: spec.cap_drop,
    securityOpt: spec.security_opt,
    extraHosts: spec.extra_hosts,
  };
}

/** A key alone takes the value from the surroundings; where there is none, it is not set at all. */
function passThrough(
  variables: Readonly<Record<string, string | null>>,
  lookup: Lookup,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, value ?? lookup(key)]));
}

function resolveBuild(build: BuildSpec, folder: string, lookup: Lookup): ComposeBuild {
  const context = resolve(folder, build.context);
  return {
    context,
    dockerfile: resolve(context, build.dockerfile),
    args: definedOnly(passThrough(build.args, lookup)),
    target: build.target,
    labels: build.labels,
  };
}

function resolveMount(mount: ComposeMount, folder: string, lookup: Lookup): ComposeMount {
  if (mount.kind !== "bind") return mount;
  const { source } = mount;
  const atHome = source === "~" || source.startsWith("~/");
  return { ...mount, source: atHome ? join(lookup("HOME") ?? homedir(), source.slice(1)) : resolve(folder, source) };
}
