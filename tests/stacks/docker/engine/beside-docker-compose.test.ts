import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Dockerode from "dockerode";
import { execa } from "execa";
import { expect, it, onTestFinished, type TestContext } from "vitest";
import { readCompose } from "../../../../src/stacks/docker/compose/read-compose.ts";
import { freePort } from "../../../support/free-port.ts";
import { engineUnderTest } from "../../../support/engine.ts";
import { testEngine } from "./support.ts";

const BUNDLED = ["single.yml", "redlock.yml"].map((name) => ({
  name: `compose/${name}`,
  file: new URL(`../../../../compose/${name}`, import.meta.url).pathname,
}));

/** What both understand and the bundled files do not use. */
const RICH = `
version: "2.4"
services:
  store: &plain
    image: \${LOCKBENCH_REDIS_IMAGE}
    command: redis-server --save ""
    environment: { A: one, B: "2", C: "" }
    env_file: more.env
    labels: { who: me }
    networks: { back: { aliases: [db, cache] } }
    volumes: ["data:/data", "./:/here:ro", "/anonymous"]
    tmpfs: [/scratch]
    expose: ["7000"]
    healthcheck: { test: redis-cli ping, interval: 500ms, timeout: 2s, retries: 20, start_period: 1s }
    stop_grace_period: 2s
    stop_signal: SIGINT
    restart: on-failure:2
    mem_limit: 96m
    user: "999:999"
    working_dir: /tmp
    hostname: the-store
    extra_hosts: ["elsewhere:127.0.0.9"]
    cap_drop: [ALL]
    cap_add: [CHOWN]
    security_opt: ["no-new-privileges:true"]
    init: true
    read_only: true
  side:
    <<: *plain
    hostname: the-side
    entrypoint: [sh, -c]
    command: ["exec redis-server --port 7001"]
    healthcheck: { disable: true }
    depends_on: { store: { condition: service_healthy } }
    networks: [back, front]
    ports: ["127.0.0.1:\${LOCKBENCH_APP_PORT}:7001"]
    scale: 1
networks: { back: {}, front: { internal: true } }
volumes: { data: {} }
`;

function richFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "lockbench-beside-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, "more.env"), "D=from a file\nA=hidden\n");
  writeFileSync(join(folder, "compose.yml"), RICH);
  return join(folder, "compose.yml");
}

/** Ports of this test's own: other tests bring the same files up. */
async function portVariables(): Promise<Record<string, string>> {
  const names = ["APP", "REDIS", "REDIS1", "REDIS2", "REDIS3", "REDIS4"];
  const ports = await Promise.all(names.map(async (name) => [`LOCKBENCH_${name}_PORT`, String(await freePort())]));
  return Object.fromEntries(ports) as Record<string, string>;
}

/** What is read of a container; the client's own types leave much of it open. */
interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Config: {
    readonly Image: string;
    readonly Cmd: readonly string[] | null;
    readonly Entrypoint: readonly string[] | null;
    readonly Env: readonly string[] | null;
    readonly User: string;
    readonly WorkingDir: string;
    readonly Hostname: string;
    readonly ExposedPorts?: object;
    readonly Healthcheck?: object;
    readonly StopTimeout?: number;
    readonly StopSignal?: string;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly HostConfig: Readonly<Record<string, unknown>> & { readonly RestartPolicy: { readonly Name: string } };
  readonly Mounts: readonly {
    readonly Type: string;
    readonly Destination: string;
    readonly RW: boolean;
    readonly Name?: string;
    readonly Source: string;
  }[];
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly Aliases: readonly string[] | null }>>;
  };
}

/** All of a container that a Compose file decides, with names of the project taken out. */
function essence(found: Inspected, project: string): unknown {
  const { Config, HostConfig, NetworkSettings, Mounts, Name } = found;
  const plain = (text: string): string => text.replace(project, "PROJECT").replace(/^\//, "");
  const settings = ["PortBindings", "Memory", "ReadonlyRootfs", "Init", "CapAdd", "CapDrop", "SecurityOpt", "Tmpfs"];
  const { Cmd, Entrypoint, Env, Hostname, StopTimeout, StopSignal, Labels } = Config;
  return {
    name: plain(Name).replaceAll("_", "-"),
    image: Config.Image,
    command: Cmd ?? [],
    entrypoint: Entrypoint ?? [],
    environment: [...(Env ?? [])].sort(),
    user: Config.User,
    workingDir: Config.WorkingDir,
    hostname: /^[0-9a-f]{12}$/.test(Hostname) ? "generated" : Hostname,
    exposed: Object.keys(Config.ExposedPorts ?? {}).sort(),
    healthcheck: Config.Healthcheck ?? null,
    stop: [StopTimeout ?? null, StopSignal ?? null],
    labels: Object.entries(Labels).filter(([name]) => !/^(com\.docker|dev\.lockbench)/.test(name)),
    restart: { ...HostConfig.RestartPolicy, Name: HostConfig.RestartPolicy.Name.replace(/^no$/, "") },
    settings: settings.map((name) => [name, unlessEmpty(HostConfig[name])]),
    hosts: HostConfig["ExtraHosts"] ?? [],
    mounts: Mounts.map((mount) => ({ ...mount, from: sourceOf(mount, plain) }))
      .map(({ Type, Destination, RW, from }) => ({ Type, Destination, RW, from }))
      .sort((one, other) => one.Destination.localeCompare(other.Destination)),
    networks: Object.entries(NetworkSettings.Networks)
      .map(([network, { Aliases }]) => [plain(network), aliasesOf(found.Id, Aliases ?? [])] as const)
      .sort(([one], [other]) => one.localeCompare(other)),
  };
}

/** An empty list is what the engine takes nothing for. */
function unlessEmpty(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? null : (value ?? null);
}

function sourceOf({ Type, Name = "", Source }: Inspected["Mounts"][number], plain: (text: string) => string): string {
  if (Type === "bind") return Source;
  return /^[0-9a-f]{64}$/.test(Name) ? "anonymous" : plain(Name);
}

/** The engine adds the beginning of the container's id. */
function aliasesOf(id: string, aliases: readonly string[]): readonly string[] {
  return aliases.filter((alias) => !id.startsWith(alias)).sort();
}

async function essences(docker: Dockerode, label: string, project: string): Promise<unknown> {
  const filters = { label: [label] };
  const containers = await docker.listContainers({ all: true, filters });
  const inspected = await Promise.all(
    containers.map(({ Id }) => docker.getContainer(Id).inspect() as unknown as Promise<Inspected>),
  );
  const networks = await docker.listNetworks({ filters });
  const volumes = (await docker.listVolumes({ filters })).Volumes.filter(({ Name }) => Name.includes(project));
  const nameOf = ({ Name }: { Name: string }): string => Name.replace(project, "PROJECT");
  return {
    containers: inspected.sort((one, other) => one.Name.localeCompare(other.Name)).map((one) => essence(one, project)),
    networks: networks
      .map((one) => ({ name: nameOf(one), internal: one.Internal, driver: one.Driver }))
      .sort((one, other) => one.name.localeCompare(other.name)),
    volumes: volumes.map((one) => ({ name: nameOf(one), driver: one.Driver })),
  };
}

async function sideBySide(context: TestContext, file: string): Promise<readonly [unknown, unknown]> {
  const { env } = await engineUnderTest(context);
  const version = await execa("docker-compose", ["version", "--short"], { reject: false });
  if (version.failed) context.skip("no docker-compose on PATH");
  const engine = await testEngine(context);
  const { docker } = engine.connection;
  const variables = { ...env, ...(await portVariables()), LOCKBENCH_VERSION: "beside" };
  const options = { env: { ...variables, DOCKER_BUILDKIT: "0" } };
  const theirName = `${engine.id}theirs`;
  const call = (...args: string[]) => execa("docker-compose", ["-p", theirName, "-f", file, ...args], options);
  onTestFinished(async () => {
    await call("down", "--volumes", "--timeout", "1");
  });
  await call("up", "-d");
  const theirs = await essences(docker, `com.docker.compose.project=${theirName}`, theirName);
  await call("down", "--volumes", "--timeout", "1");
  await engine.up(await readCompose({ file, variables, profiles: [], projectName: engine.id }));
  return [await essences(docker, engine.label, engine.id), theirs];
}

it.for(BUNDLED)(
  "$name becomes the same containers, networks and volumes as with docker-compose",
  { timeout: 120_000 },
  async ({ file }, context) => {
    const [ours, theirs] = await sideBySide(context, file);
    expect(ours).toEqual(theirs);
  },
);

it(
  "a file with everything else in it becomes the same as with docker-compose",
  { timeout: 120_000 },
  async (context) => {
    const [ours, theirs] = await sideBySide(context, richFile());
    expect(ours).toEqual(theirs);
  },
);
