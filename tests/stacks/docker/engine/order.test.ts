import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import type { ComposeService } from "../../../../src/stacks/docker/compose/project.ts";
import { freePort } from "../../../support/free-port.ts";
import { healthcheck, runInside, testEngine, type TestEngine } from "./support.ts";

describe("the order of starting", () => {
  it("waits for started, healthy and completed services, and starts the others side by side", async (context) => {
    const engine = await testEngine(context);
    const mounts = [{ kind: "volume", volume: "data", target: "/shared", readOnly: false }] as const;
    const volumes = [{ key: "data", name: `${engine.id}_data`, driver: null, labels: {}, external: false }];
    const services = [
      engine.service("last", {
        command: ["test", "-e", "/shared/well"],
        mounts,
        dependsOn: [
          { service: "well", condition: "service_healthy" },
          { service: "job", condition: "service_completed_successfully" },
          { service: "begun", condition: "service_started" },
        ],
      }),
      engine.service("well", {
        command: ["sh", "-c", "sleep 0.5; touch /shared/well; exec sleep 1000"],
        mounts,
        healthcheck: healthcheck("test -e /shared/well", 1000),
      }),
      engine.service("job", { command: ["sleep", "0.5"] }),
      engine.service("begun"),
    ];
    const containers = await engine.up({ ...engine.project(...services), volumes });
    expect(containers.map(({ service }) => service)).toEqual(["well", "job", "begun", "last"]);
    const { docker } = engine.connection;
    expect(await docker.getContainer(`${engine.id}-last-1`).wait()).toMatchObject({ StatusCode: 0 });
    const [, job, begun, last] = await Promise.all(containers.map(({ id }) => stateOf(engine, id)));
    const lastStarted = Date.parse(last?.StartedAt ?? "");
    expect(Date.parse(job?.FinishedAt ?? "")).toBeLessThan(lastStarted);
    expect(Date.parse(begun?.StartedAt ?? "")).toBeLessThan(lastStarted);
    expect(Date.parse(begun?.StartedAt ?? "")).toBeLessThan(Date.parse(job?.FinishedAt ?? ""));
  });

  it("gives each container of a scaled service the next port, and all of them the service's name", async (context) => {
    const engine = await testEngine(context);
    const first = await freePort();
    const service = engine.service("redis", {
      command: ["redis-server", "--save", "", "--protected-mode", "no"],
      scale: 2,
      ports: [{ containerPort: 6379, protocol: "tcp", hostAddress: "127.0.0.1", hostPorts: [first, first + 1] }],
      healthcheck: healthcheck("redis-cli ping"),
    });
    const containers = await engine.up(engine.project(service));
    expect(containers.map(({ name, index, ports }) => [name, index, ports[0]?.host])).toEqual([
      [`${engine.id}-redis-1`, 1, first],
      [`${engine.id}-redis-2`, 2, first + 1],
    ]);
    await Promise.all([first, first + 1].map(accepts));
    const addresses = await runInside(engine.connection, containers[0]?.id ?? "", "getent", "ahostsv4", "redis");
    expect(new Set(addresses.split("\n").map((line) => line.split(" ")[0])).size).toBe(2);
  });

  it("lets the engine choose a port where the file names none", async (context) => {
    const engine = await testEngine(context);
    const ports: ComposeService["ports"] = [
      { containerPort: 6379, protocol: "tcp", hostAddress: "127.0.0.1", hostPorts: null },
      { containerPort: 53, protocol: "udp", hostAddress: "127.0.0.1", hostPorts: null },
    ];
    const [one] = await engine.up(engine.project(engine.service("redis", { ports })));
    expect(one?.ports.map(({ container, address }) => [container, address]).sort()).toEqual([
      [53, "127.0.0.1"],
      [6379, "127.0.0.1"],
    ]);
    expect(one?.ports.every(({ host }) => host > 1024)).toBe(true);
  });
});

describe("a container", () => {
  it("is what the Compose file says", async (context) => {
    const engine = await testEngine(context);
    const service = engine.service("full", {
      environment: { ONE: "1", EMPTY: "", EQUALS: "a=b" },
      labels: { theirs: "yes" },
      memoryBytes: 64 * 1024 * 1024,
      stopGraceMs: 1500,
      stopSignal: "SIGINT",
      user: "1000:1000",
      workingDir: "/tmp",
      hostname: "somewhere",
      containerName: `${engine.id}-of-its-own`,
      readOnly: true,
      init: true,
      capDrop: ["ALL"],
      capAdd: ["CHOWN"],
      securityOpt: ["no-new-privileges:true"],
      extraHosts: ["elsewhere:127.0.0.9"],
      expose: ["1234/tcp"],
      restart: { name: "on-failure", maximumRetries: 2 },
      mounts: [
        { kind: "tmpfs", target: "/scratch", options: "size=1m" },
        { kind: "bind", source: "/etc/hostname", target: "/theirs", readOnly: true },
        { kind: "volume", volume: null, target: "/nameless", readOnly: false },
      ],
    });
    const [container] = await engine.up(engine.project(service));
    expect(container?.name).toBe(`${engine.id}-of-its-own`);
    const facts = await engine.connection.docker.getContainer(container?.id ?? "").inspect();
    expect(facts.Config).toMatchObject({
      User: "1000:1000",
      WorkingDir: "/tmp",
      Hostname: "somewhere",
      StopSignal: "SIGINT",
      StopTimeout: 2,
      ExposedPorts: { "1234/tcp": {} },
      Labels: { theirs: "yes", "dev.lockbench.service": "full", ...engine.labels },
    });
    expect(facts.Config.Env).toEqual(expect.arrayContaining(["ONE=1", "EMPTY=", "EQUALS=a=b"]));
    expect(facts.HostConfig).toMatchObject({
      Memory: 64 * 1024 * 1024,
      ReadonlyRootfs: true,
      Init: true,
      CapDrop: ["ALL"],
      CapAdd: ["CHOWN"],
      SecurityOpt: ["no-new-privileges:true"],
      ExtraHosts: ["elsewhere:127.0.0.9"],
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 },
      Tmpfs: { "/scratch": "size=1m" },
    });
    expect(facts.Mounts.map(({ Type, Destination, RW }) => [Type, Destination, RW]).sort()).toEqual([
      ["bind", "/theirs", false],
      ["volume", "/nameless", true],
    ]);
    expect(await engine.counts()).toEqual([1, 1, 1]);
  });

  it("is in every network that it names, with its aliases there", async (context) => {
    const engine = await testEngine(context);
    const network = (key: string) =>
      ({
        key,
        name: `${engine.id}_${key}`,
        driver: null,
        internal: key === "back",
        labels: {},
        external: false,
      }) as const;
    const both = engine.service("both", {
      networks: [
        { network: "front", aliases: [] },
        { network: "back", aliases: ["behind"] },
      ],
    });
    const project = { ...engine.project(both), networks: [network("front"), network("back")] };
    const [container] = await engine.up(project);
    const { NetworkSettings } = await engine.connection.docker.getContainer(container?.id ?? "").inspect();
    expect(Object.keys(NetworkSettings.Networks).sort()).toEqual([`${engine.id}_back`, `${engine.id}_front`]);
    expect(NetworkSettings.Networks[`${engine.id}_back`]?.Aliases).toEqual(expect.arrayContaining(["both", "behind"]));
  });

  it("keeps or clears the image's command and entrypoint as asked", async (context) => {
    const engine = await testEngine(context);
    const made = async (more: Partial<ComposeService>): Promise<{ Entrypoint: unknown; Cmd: unknown }> => {
      const name = `s${String(Math.random()).slice(2, 10)}`;
      const [container] = await engine.up(engine.project(engine.service(name, { ...more, networks: [] })));
      const { Config } = await engine.connection.docker.getContainer(container?.id ?? "").inspect();
      return { Entrypoint: Config.Entrypoint, Cmd: Config.Cmd };
    };
    expect(await made({ entrypoint: ["sleep"], command: ["1000"] })).toEqual({ Entrypoint: ["sleep"], Cmd: ["1000"] });
    expect(await made({ entrypoint: ["sleep", "1000"], command: null })).toMatchObject({
      Entrypoint: ["sleep", "1000"],
    });
    expect(await made({ entrypoint: [], command: ["sleep", "1000"] })).toMatchObject({ Cmd: ["sleep", "1000"] });
  });
});

async function stateOf({ connection }: TestEngine, id: string) {
  return (await connection.docker.getContainer(id).inspect()).State;
}

function accepts(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}
