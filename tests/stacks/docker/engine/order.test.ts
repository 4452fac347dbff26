import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ComposeDependency, ComposeService } from "../../../../src/stacks/docker/compose/project.ts";
import { tailOf } from "../../../../src/stacks/docker/engine/logs.ts";
import { freePort } from "../../../support/free-port.ts";
import { beginning, buildOf, folderWith } from "./building.ts";
import { containerOf, healthcheck, runInside, testEngine, type TestEngine } from "./support.ts";

describe("the order of starting", () => {
  it("waits for started, healthy and completed services, and starts the others side by side", async (context) => {
    const engine = await testEngine(context);
    const mounts = [{ kind: "volume", volume: "data", target: "/shared", readOnly: false }] as const;
    const volumes = [{ key: "data", name: `${engine.id}_data`, driver: null, labels: {}, external: false }];
    const shell = (script: string): Partial<ComposeService> => ({ command: ["sh", "-c", script], mounts });
    const after = (
      service: string,
      condition: ComposeDependency["condition"],
      file: string,
    ): Partial<ComposeService> => ({
      ...shell(`test -e /shared/${file}`),
      dependsOn: [{ service, condition }],
    });
    const services = [
      engine.service("after-well", after("well", "service_healthy", "well")),
      engine.service("after-job", after("job", "service_completed_successfully", "job")),
      engine.service("after-begun", { dependsOn: [{ service: "begun", condition: "service_started" }] }),
      engine.service("well", {
        ...shell("sleep 1; touch /shared/well; exec sleep 1000"),
        healthcheck: healthcheck("test -e /shared/well", 1000),
      }),
      engine.service("job", shell("sleep 1; touch /shared/job")),
      engine.service("begun"),
    ];
    const containers = await engine.up({ ...engine.project(...services), volumes });
    const named = containers.map(({ service }) => service);
    expect(named).toEqual(["well", "job", "begun", "after-well", "after-job", "after-begun"]);
    const [well, job, begun, , , afterBegun] = await Promise.all(containers.map(({ id }) => stateOf(engine, id)));
    for (const name of ["after-well", "after-job"])
      expect(await engine.connection.docker.getContainer(containerOf(containers, name).id).wait()).toEqual({
        Error: null,
        StatusCode: 0,
      });
    expect(Date.parse(begun?.StartedAt ?? "")).toBeLessThan(Date.parse(afterBegun?.StartedAt ?? ""));
    expect(Date.parse(well?.StartedAt ?? "")).toBeLessThan(Date.parse(job?.FinishedAt ?? ""));
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

  it("keeps or clears the image's entrypoint and command as asked", async (context) => {
    const engine = await testEngine(context);
    const Dockerfile = `${beginning(engine)}ENTRYPOINT ["echo", "its", "entrypoint"]\nCMD ["its", "command"]\n`;
    const folder = folderWith({ Dockerfile });
    const built = buildOf(engine, { context: folder, dockerfile: join(folder, "Dockerfile") });
    const cases: readonly (readonly [ComposeService["entrypoint"], ComposeService["command"], string])[] = [
      [null, null, "its entrypoint its command"],
      [null, ["other"], "its entrypoint other"],
      [null, [], "its entrypoint"],
      [["echo", "other"], null, "other"],
      [["echo", "other"], ["words"], "other words"],
      [[], ["echo", "bare"], "bare"],
    ];
    const services = cases.map(([entrypoint, command], place) => ({
      ...built,
      name: `case${String(place)}`,
      entrypoint,
      command,
    }));
    const containers = await engine.up(engine.project(...services));
    await Promise.all(containers.map(({ id }) => engine.connection.docker.getContainer(id).wait()));
    const printed = await Promise.all(containers.map(({ id }) => tailOf(engine.connection, id, 1)));
    expect(printed.flat()).toEqual(cases.map(([, , expected]) => expected));
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
