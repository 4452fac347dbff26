import type Dockerode from "dockerode";
import type { ComposeHealthcheck, ComposeMount, ComposeProject, ComposeService } from "../compose/project.ts";
import { type Mark, markLabels } from "./marks.ts";
import { portBindings } from "./port-bindings.ts";

export interface ContainerPlan {
  readonly project: ComposeProject;
  readonly service: ComposeService;
  readonly mark: Mark;
  /** On the container and on its anonymous volumes. */
  readonly labels: Readonly<Record<string, string>>;
  readonly image: ImageFacts;
}

export interface ImageFacts {
  /** Its name, or its id where it has none. */
  readonly name: string;
  /** The image's own, which must be repeated where only its command is cleared. */
  readonly entrypoint: readonly string[];
}

const NS_PER_MS = 1_000_000;

/** As Compose calls it. */
export function containerName({ name }: ComposeProject, service: ComposeService, index: number): string {
  return service.containerName ?? `${name}-${service.name}-${String(index)}`;
}

/** What the engine is asked to create. Its networks but the first are connected afterwards. */
export function containerOptions(plan: ContainerPlan): Dockerode.ContainerCreateOptions {
  const { project, service, mark, labels, image } = plan;
  const bindings = portBindings(service, mark.index);
  const [network] = service.networks;
  return {
    name: containerName(project, service, mark.index),
    Image: image.name,
    Labels: { ...service.labels, ...markLabels(mark), ...labels },
    Env: Object.entries(service.environment).map(([name, value]) => `${name}=${value}`),
    ExposedPorts: Object.fromEntries([...service.expose, ...Object.keys(bindings)].map((port) => [port, {}])),
    ...startOptions(service, image),
    ...(service.user === null ? {} : { User: service.user }),
    ...(service.workingDir === null ? {} : { WorkingDir: service.workingDir }),
    ...(service.hostname === null ? {} : { Hostname: service.hostname }),
    ...(service.stopSignal === null ? {} : { StopSignal: service.stopSignal }),
    ...(service.stopGraceMs === null ? {} : { StopTimeout: Math.ceil(service.stopGraceMs / 1000) }),
    ...(service.healthcheck === null ? {} : { Healthcheck: healthConfig(service.healthcheck) }),
    HostConfig: hostConfig(plan, bindings),
    ...(network === undefined
      ? {}
      : {
          NetworkingConfig: {
            EndpointsConfig: { [engineName(project.networks, network.network)]: endpoint(service, network) },
          },
        }),
  };
}

/** Names by which the others find a container of the service. */
export function endpoint(
  service: ComposeService,
  { aliases }: Pick<ComposeService["networks"][number], "aliases">,
): Dockerode.EndpointSettings {
  return { Aliases: [...new Set([service.name, ...aliases])] };
}

/** A network's or volume's name for the engine. */
export function engineName(all: readonly { readonly key: string; readonly name: string }[], key: string): string {
  return all.find((one) => one.key === key)?.name ?? key;
}

function startOptions({ command, entrypoint }: ComposeService, image: ImageFacts): Dockerode.ContainerCreateOptions {
  // The engine takes an empty list for "the image's own": [""] clears an entrypoint, and naming one clears the command.
  if (entrypoint !== null) {
    return { Entrypoint: entrypoint.length === 0 ? [""] : [...entrypoint], Cmd: [...(command ?? [])] };
  }
  if (command === null) return {};
  return command.length > 0 ? { Cmd: [...command] } : { Entrypoint: [...image.entrypoint], Cmd: [] };
}

function hostConfig(
  { project, service, labels }: ContainerPlan,
  bindings: ReturnType<typeof portBindings>,
): Dockerode.HostConfig {
  const [network] = service.networks;
  return {
    PortBindings: bindings,
    NetworkMode: network === undefined ? "none" : engineName(project.networks, network.network),
    RestartPolicy: { Name: service.restart.name, MaximumRetryCount: service.restart.maximumRetries },
    ReadonlyRootfs: service.readOnly,
    CapAdd: [...service.capAdd],
    CapDrop: [...service.capDrop],
    SecurityOpt: [...service.securityOpt],
    ExtraHosts: [...service.extraHosts],
    Mounts: service.mounts.filter((mount) => mount.kind !== "tmpfs").map((mount) => mountOf(project, mount, labels)),
    Tmpfs: Object.fromEntries(
      service.mounts.filter((mount) => mount.kind === "tmpfs").map(({ target, options }) => [target, options]),
    ),
    ...(service.memoryBytes === null ? {} : { Memory: service.memoryBytes }),
    ...(service.init === null ? {} : { Init: service.init }),
  };
}

function mountOf(
  { volumes }: ComposeProject,
  mount: Exclude<ComposeMount, { kind: "tmpfs" }>,
  labels: Readonly<Record<string, string>>,
): Dockerode.MountSettings {
  const { target: Target, readOnly: ReadOnly } = mount;
  if (mount.kind === "bind") return { Type: "bind", Source: mount.source, Target, ReadOnly };
  if (mount.volume !== null) return { Type: "volume", Source: engineName(volumes, mount.volume), Target, ReadOnly };
  // The types demand more of an anonymous volume than the engine does.
  const VolumeOptions = { Labels: { ...labels } } as Dockerode.MountSettings["VolumeOptions"];
  return { Type: "volume", Source: "", Target, ReadOnly, VolumeOptions };
}

function healthConfig({
  test,
  intervalMs,
  timeoutMs,
  startPeriodMs,
  retries,
}: ComposeHealthcheck): Dockerode.HealthConfig {
  return {
    ...(test === null ? {} : { Test: [...test] }),
    ...(intervalMs === null ? {} : { Interval: Math.round(intervalMs * NS_PER_MS) }),
    ...(timeoutMs === null ? {} : { Timeout: Math.round(timeoutMs * NS_PER_MS) }),
    ...(startPeriodMs === null ? {} : { StartPeriod: Math.round(startPeriodMs * NS_PER_MS) }),
    ...(retries === null ? {} : { Retries: retries }),
  };
}
