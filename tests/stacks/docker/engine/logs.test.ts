import { describe, expect, it } from "vitest";
import { followLogs, tailOf } from "../../../../src/stacks/docker/engine/logs.ts";
import { stateOf } from "../../../../src/stacks/docker/engine/state.ts";
import { containerOf, healthcheck, SLEEP, testEngine, type TestEngine } from "./support.ts";

describe("the log of a container", () => {
  it("is told in whole lines, standard error among them, from its end", async (context) => {
    const engine = await testEngine(context);
    const id = await ended(
      engine,
      'echo one; echo "zwei ü" >&2; printf "half "; echo between >&2; echo three; printf four',
    );
    const lines = await tailOf(engine.connection, id, 100);
    // Two pipes: each keeps its own order, but the engine may read one before the other.
    expect([...lines].sort()).toEqual(["between", "four", "half three", "one", "zwei ü"]);
    expect(await tailOf(engine.connection, id, 2)).toHaveLength(2);
    expect(await tailOf(engine.connection, "nobody", 2)).toEqual([]);
  });

  it("is told of a terminal as well, even where it looks like JSON", async (context) => {
    const engine = await testEngine(context);
    const { docker } = engine.connection;
    const container = await docker.createContainer({
      Image: engine.redis,
      Cmd: ["sh", "-c", "echo '{\"one\": 1}'"],
      Tty: true,
      HostConfig: { NetworkMode: "none" },
      Labels: { ...engine.labels },
    });
    await container.start();
    await container.wait();
    expect(await tailOf(engine.connection, container.id, 10)).toEqual(['{"one": 1}']);
  });

  it("is followed until the container ends", async (context) => {
    const engine = await testEngine(context);
    const name = await running(engine, "echo before; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo after; exit 3");
    const lines: string[] = [];
    const signal = AbortSignal.timeout(20_000);
    const followed = followLogs(engine.connection, name, { lines: 10, signal, onLine: (line) => lines.push(line) });
    await expect.poll(() => lines).toEqual(["before"]);
    await touch(engine, name, "/tmp/go");
    await followed;
    expect(lines).toEqual(["before", "after"]);
  });

  it("is followed until that is given up", async (context) => {
    const engine = await testEngine(context);
    const name = await running(engine, "echo here; exec sleep 1000");
    const stop = new AbortController();
    const lines: string[] = [];
    await followLogs(engine.connection, name, {
      lines: 10,
      signal: stop.signal,
      onLine(line) {
        lines.push(line);
        stop.abort();
      },
    });
    expect(lines).toEqual(["here"]);
  });
});

describe("the state of a container", () => {
  it("says whether it runs, is paused, is well, and how it ended", async (context) => {
    const engine = await testEngine(context);
    const service = engine.service("one", { command: [...SLEEP], healthcheck: healthcheck("true") });
    const { id } = containerOf(await engine.up(engine.project(service)), "one");
    const container = engine.connection.docker.getContainer(id);
    const state = () => stateOf(engine.connection, id);
    expect(await state()).toMatchObject({
      running: true,
      paused: false,
      health: "healthy",
      exitCode: 0,
      oomKilled: false,
    });
    expect(Date.parse((await state()).startedAt)).toBeGreaterThan(0);
    await container.pause();
    expect(await state()).toMatchObject({ running: true, paused: true });
    await container.unpause();
    await container.kill();
    expect(await state()).toMatchObject({ running: false, exitCode: 137 });
    await container.remove();
    await expect(state()).rejects.toMatchObject({ code: "NO_CONTAINER", exit: 5 });
  });
});

/** Runs a script to its end. @returns the container's id */
async function ended(engine: TestEngine, script: string): Promise<string> {
  const name = await running(engine, script);
  await engine.connection.docker.getContainer(name).wait();
  return name;
}

async function running(engine: TestEngine, script: string): Promise<string> {
  const service = engine.service("one", { command: ["sh", "-c", script] });
  return containerOf(await engine.up(engine.project(service)), "one").name;
}

async function touch({ connection }: TestEngine, container: string, file: string): Promise<void> {
  const exec = await connection.docker.getContainer(container).exec({ Cmd: ["touch", file] });
  await exec.start({ Detach: true });
}
