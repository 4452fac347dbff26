import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ComposeDependency, ComposePort, ComposeService } from "../../../../src/stacks/docker/compose/project.ts";
import { freePort } from "../../../support/free-port.ts";
import { healthcheck, testEngine } from "./support.ts";

const after = (service: string, condition: ComposeDependency["condition"]): Pick<ComposeService, "dependsOn"> => ({
  dependsOn: [{ service, condition }],
});
const published = (port: number): ComposePort => ({
  containerPort: 6379,
  protocol: "tcp",
  hostAddress: "127.0.0.1",
  hostPorts: [port, port],
});

describe("a project that cannot come up", () => {
  it("names the container that died, its exit code and the end of its log, and starts nothing that waits for it", async (context) => {
    const engine = await testEngine(context);
    const broken = engine.service("broken", {
      command: ["sh", "-c", "echo its first words >&2; echo its last words >&2; exit 7"],
      healthcheck: healthcheck("true"),
    });
    const waiting = engine.service("waiting", after("broken", "service_healthy"));
    await expect(engine.up(engine.project(waiting, broken))).rejects.toMatchObject({
      code: "SERVICE_DIED",
      exit: 5,
      message: expect.stringMatching(
        /^broken died while starting: awaited its health check to pass for \d+\.\d s, found exit code 7\nthe end of its log:\n {2}its first words\n {2}its last words$/,
      ) as string,
    });
    const all = await engine.connection.docker.listContainers({ all: true, filters: { label: [engine.label] } });
    expect(all.find(({ Names }) => Names[0]?.includes("waiting"))?.State).not.toBe("running");
  });

  it("names the container that died while others were still starting, although it has no health check", async (context) => {
    const engine = await testEngine(context);
    const brief = engine.service("brief", { command: ["sh", "-c", "sleep 0.3; exit 8"] });
    const slow = engine.service("slow", {
      command: ["sh", "-c", "sleep 2; touch /tmp/well; exec sleep 1000"],
      healthcheck: healthcheck("test -e /tmp/well", 1000),
    });
    await expect(engine.up(engine.project(brief, slow))).rejects.toThrow(
      /^brief died while starting: expected it to run on, found exit code 8/,
    );
  });

  it("gives up on a container that is started again and again", async (context) => {
    const engine = await testEngine(context);
    const circling = engine.service("circling", {
      command: ["sh", "-c", "exit 5"],
      restart: { name: "always", maximumRetries: 0 },
      healthcheck: healthcheck("false", 1000),
    });
    await expect(engine.up(engine.project(circling))).rejects.toThrow(/^circling died while starting: .*exit code 5/);
  });

  it("says that a container was killed for want of memory, and what its limit was", async (context) => {
    const engine = await testEngine(context);
    const hungry = engine.service("hungry", {
      command: ["sh", "-c", "exec tail /dev/zero"],
      memoryBytes: 16 * 1024 * 1024,
      healthcheck: healthcheck("false", 1000),
    });
    await expect(engine.up(engine.project(hungry))).rejects.toThrow(
      /hungry died .*exit code 137 \(killed by the kernel: it wanted more than its limit of 16 MiB\)/,
    );
  });

  it("says that a container was killed, when somebody did", async (context) => {
    const engine = await testEngine(context);
    const victim = engine.service("victim", { healthcheck: healthcheck("false", 1000) });
    const up = engine.up(engine.project(victim)).catch((error: unknown) => error);
    const container = engine.connection.docker.getContainer(`${engine.id}-victim-1`);
    await expect
      .poll(
        async () =>
          container.kill().then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    expect(String(await up)).toMatch(/victim died .*exit code 137 \(killed by SIGKILL\)\n.*its log is empty/s);
  });

  it("tells what the health check of an unhealthy container said", async (context) => {
    const engine = await testEngine(context);
    const sick = engine.service("sick", { healthcheck: healthcheck("echo no pulse; exit 4", 2) });
    await expect(engine.up(engine.project(sick))).rejects.toMatchObject({
      code: "SERVICE_UNHEALTHY",
      message: expect.stringMatching(
        /^sick is unhealthy: .*it failed \d+ times in a row\nits health check \(echo no pulse; exit 4\) ended with exit code 4 and said:\n {2}no pulse\nits log is empty$/,
      ) as string,
    });
  });

  it("names the service that has no health check although somebody waits for it", async (context) => {
    const engine = await testEngine(context);
    const plain = engine.service("plain");
    const waiting = engine.service("waiting", after("plain", "service_healthy"));
    await expect(engine.up(engine.project(plain, waiting))).rejects.toMatchObject({
      code: "NO_HEALTHCHECK",
      message: expect.stringContaining("waiting waits for plain to be healthy") as string,
    });
  });

  it("names the job that should have succeeded", async (context) => {
    const engine = await testEngine(context);
    const job = engine.service("job", { command: ["sh", "-c", "exit 9"] });
    const waiting = engine.service("waiting", after("job", "service_completed_successfully"));
    await expect(engine.up(engine.project(job, waiting))).rejects.toThrow(/^job died while starting: .*exit code 9/);
  });

  it("names the process that holds its port", async (context) => {
    const engine = await testEngine(context);
    const port = await freePort();
    const holder = createServer().listen(port, "127.0.0.1");
    onTestFinished(() => {
      holder.close();
    });
    const service = engine.service("redis", { ports: [published(port)] });
    await expect(engine.up(engine.project(service))).rejects.toMatchObject({
      code: "PUBLISHED_PORT_TAKEN",
      exit: 5,
      message: expect.stringMatching(
        new RegExp(
          `^port taken: redis cannot be published on 127.0.0.1:${String(port)}, .* \\(pid ${String(process.pid)}\\)$`,
        ),
      ) as string,
    });
  });

  it("names the container that holds its port", async (context) => {
    const engine = await testEngine(context);
    const port = await freePort();
    const first = engine.service("first", { ports: [published(port)] });
    const second = engine.service("second", { ports: [published(port)], ...after("first", "service_started") });
    await expect(engine.up(engine.project(first, second))).rejects.toThrow(
      `port taken: second cannot be published on 127.0.0.1:${String(port)}, which is held by the container ${engine.id}-first-1`,
    );
  });

  it("refuses more containers than there are ports for them", async (context) => {
    const engine = await testEngine(context);
    const service = engine.service("redis", { ports: [published(await freePort())], scale: 2 });
    await expect(engine.up(engine.project(service))).rejects.toThrow(
      /^redis \(.*\): expected a port .* each of its 2 containers, found 1/,
    );
  });

  it("says what the engine said of an image that cannot be pulled, and which settings choose others", async (context) => {
    const engine = await testEngine(context);
    const image = "127.0.0.1:9/nobody/nothing:1";
    await expect(engine.up(engine.project(engine.service("far", { image })))).rejects.toMatchObject({
      code: "NO_IMAGE",
      message: expect.stringMatching(
        /^image 127\.0\.0\.1:9\/nobody\/nothing:1 cannot be pulled: .*connection refused/,
      ) as string,
      hint: expect.stringContaining("LOCKBENCH_REDIS_IMAGE") as string,
    });
    const never = engine.service("far", { image, pullPolicy: "never" });
    await expect(engine.up(engine.project(never))).rejects.toThrow(/expected it on this engine/);
  });

  it("names the program that is not in the image", async (context) => {
    const engine = await testEngine(context);
    const service = engine.service("odd", { command: ["no-such-program"] });
    await expect(engine.up(engine.project(service))).rejects.toMatchObject({
      code: "ENGINE_REFUSED",
      message: expect.stringMatching(/^odd cannot be started: .*no-such-program/) as string,
    });
  });

  it("does not take somebody else's volume or network of the same name for its own", async (context) => {
    const engine = await testEngine(context);
    const { docker } = engine.connection;
    const volume = { key: "data", name: `${engine.id}_data`, driver: null, labels: {}, external: false };
    const theirs = await docker.createVolume({ Name: volume.name });
    onTestFinished(async () => {
      await docker.getVolume(theirs.name).remove();
    });
    const service = engine.service("one", {
      mounts: [{ kind: "volume", volume: "data", target: "/data", readOnly: false }],
    });
    const project = { ...engine.project(service), volumes: [volume] };
    await expect(engine.up(project)).rejects.toMatchObject({ code: "VOLUME_TAKEN" });
    const external = { ...project, volumes: [{ ...volume, name: `${engine.id}_none`, external: true }] };
    await expect(engine.up({ ...external, networks: [] })).rejects.toMatchObject({ code: "NO_VOLUME" });
  });

  it("is given up at once when it is aborted, and everything that was made can be found", async (context) => {
    const engine = await testEngine(context);
    const services = ["one", "two", "three"].map((name) =>
      engine.service(name, { healthcheck: healthcheck("false", 1000) }),
    );
    const stop = new AbortController();
    const up = engine.up(engine.project(...services), { signal: stop.signal }).catch((error: unknown) => error);
    await expect.poll(async () => (await engine.counts())[0], { timeout: 20_000 }).toBeGreaterThan(0);
    const reason = new Error("enough");
    stop.abort(reason);
    expect(await up).toBe(reason);
    const { docker } = engine.connection;
    const counted = await engine.counts();
    const named = await docker.listContainers({ all: true, filters: { name: [engine.id] } });
    expect(named).toHaveLength(counted[0]);
  });
});
