import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { removeLabelled } from "../../../../src/stacks/docker/engine/remove.ts";
import { hearContainers } from "../../../../src/stacks/docker/engine/event-stream.ts";
import { beginning, buildOf, folderWith } from "./building.ts";
import { containerOf, SLEEP, testEngine, type TestEngine } from "./support.ts";

const NOTHING = [0, 0, 0];

describe("removeLabelled", () => {
  it("stops what depends on others first, and gives each its time", async (context) => {
    const engine = await testEngine(context);
    const base = engine.service("base");
    const top = engine.service("top", { dependsOn: [{ service: "base", condition: "service_started" }], scale: 2 });
    await engine.up(engine.project(top, base));
    const deaths: string[] = [];
    const stop = new AbortController();
    onTestFinished(() => {
      stop.abort();
    });
    await hearContainers(
      engine.connection.docker,
      [engine.label],
      stop.signal,
      ({ action, attributes }) => {
        if (action === "die")
          deaths.push(`${attributes["dev.lockbench.service"] ?? ""} ${attributes["exitCode"] ?? ""}`);
      },
      () => undefined,
    );
    await removeLabelled(engine.connection, engine.label, { graceful: true });
    await expect.poll(() => deaths, { timeout: 10_000 }).toEqual(["top 0", "top 0", "base 0"]);
    expect(await engine.counts()).toEqual(NOTHING);
  });

  it("kills at once what need not be asked, or does not listen", async (context) => {
    const engine = await testEngine(context);
    const deaf = engine.service("deaf", {
      command: ["sh", "-c", 'trap "" TERM; sleep 1000 & wait; sleep 1000'],
      stopGraceMs: 1000,
    });
    await engine.up(engine.project(deaf));
    expect(await removeLabelled(engine.connection, engine.label, { graceful: true })).toContain(`${engine.id}-deaf-1`);
    await engine.up(engine.project({ ...deaf, stopGraceMs: 600_000 }));
    await removeLabelled(engine.connection, engine.label, { graceful: false });
    expect(await engine.counts()).toEqual(NOTHING);
  });

  it.for([true, false])(
    "removes paused, ended and never started containers (graceful: %s)",
    async (graceful, context) => {
      const engine = await testEngine(context);
      const { docker } = engine.connection;
      const [paused] = await engine.up(
        engine.project(engine.service("paused", { stopGraceMs: 1000 }), engine.service("ended", { command: ["true"] })),
      );
      await docker.getContainer(paused?.id ?? "").pause();
      await docker.createContainer({ Image: engine.redis, Cmd: [...SLEEP], Labels: { ...engine.labels } });
      expect(await engine.counts()).toEqual([3, 1, 0]);
      await removeLabelled(engine.connection, engine.label, { graceful });
      expect(await engine.counts()).toEqual(NOTHING);
    },
  );

  it("may be called by two at the same time, again, and without there being anything", async (context) => {
    const engine = await testEngine(context);
    await upWithVolumes(engine);
    const remove = (): Promise<string[]> => removeLabelled(engine.connection, engine.label, { graceful: true });
    const both = await Promise.all([remove(), remove()]);
    expect(both.flat()).toContain(`${engine.id}-one-1`);
    expect(await engine.counts()).toEqual(NOTHING);
    expect(await remove()).toEqual([]);
  });

  it("removes volumes with and without a name, and leaves what carries another label", async (context) => {
    const engine = await testEngine(context);
    const other = await testEngine(context);
    await upWithVolumes(engine);
    await upWithVolumes(other);
    expect(await engine.counts()).toEqual([1, 1, 2]);
    await removeLabelled(engine.connection, engine.label, { graceful: false });
    expect(await engine.counts()).toEqual(NOTHING);
    expect(await other.counts()).toEqual([1, 1, 2]);
  });

  it("removes the volume that an image declares", async (context) => {
    const engine = await testEngine(context);
    const { docker } = engine.connection;
    const folder = folderWith({ Dockerfile: `${beginning(engine)}VOLUME /declared\n` });
    const built = buildOf(engine, { context: folder, dockerfile: join(folder, "Dockerfile") });
    const { id } = containerOf(await engine.up(engine.project({ ...built, command: [...SLEEP] })), "built");
    const [mount] = (await docker.getContainer(id).inspect()).Mounts;
    expect(mount).toMatchObject({ Type: "volume", Destination: "/declared" });
    await removeLabelled(engine.connection, engine.label, { graceful: false });
    await expect(docker.getVolume(mount?.Name ?? "").inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  it("says what could not be removed because somebody else uses it", async (context) => {
    const engine = await testEngine(context);
    const other = await testEngine(context);
    await engine.up(engine.project(engine.service("one")));
    const network = `${engine.id}_default`;
    await engine.connection.docker
      .createContainer({
        Image: engine.redis,
        Cmd: [...SLEEP],
        Labels: { ...other.labels },
        HostConfig: { NetworkMode: network },
      })
      .then((container) => container.start());
    await expect(removeLabelled(engine.connection, engine.label, { graceful: false })).rejects.toMatchObject({
      code: "NOT_REMOVED",
      exit: 5,
      message: expect.stringMatching(new RegExp(`found ${network}: .*active endpoints`)) as string,
    });
    await removeLabelled(other.connection, other.label, { graceful: false });
  });
});

/** One container with a volume that has a name and one that has none. */
async function upWithVolumes(engine: TestEngine): Promise<void> {
  const service = engine.service("one", {
    mounts: [
      { kind: "volume", volume: "data", target: "/named", readOnly: false },
      { kind: "volume", volume: null, target: "/nameless", readOnly: false },
    ],
  });
  const volume = { key: "data", name: `${engine.id}_data`, driver: null, labels: {}, external: false };
  await engine.up({ ...engine.project(service), volumes: [volume] });
}
