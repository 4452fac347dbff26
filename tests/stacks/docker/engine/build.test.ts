import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ComposeService } from "../../../../src/stacks/docker/compose/project.ts";
import { tailOf } from "../../../../src/stacks/docker/engine/logs.ts";
import { beginning, buildOf, folderWith } from "./building.ts";
import { containerOf, testEngine, type TestEngine } from "./support.ts";

const LIST = "cd /kept && find . | sort";

describe("an image that is built", () => {
  it("holds what .dockerignore lets through, exceptions included, from a Dockerfile outside the context", async (context) => {
    const engine = await testEngine(context);
    const folder = folderWith({
      "elsewhere/My.Dockerfile": `${beginning(engine)}COPY . /kept/\nCMD ["sh", "-c", "${LIST}"]\n`,
      "context/.dockerignore": "# nothing but\n*\n!kept.txt\n!dist/server\ndist/server/*.map\n!deep/**/one.txt\n",
      "context/kept.txt": "",
      "context/left-out.txt": "",
      "context/dist/server/main.js": "",
      "context/dist/server/main.js.map": "",
      "context/dist/other/main.js": "",
      "context/deep/down/here/one.txt": "",
      "context/deep/down/here/two.txt": "",
    });
    const built = buildOf(engine, {
      context: join(folder, "context"),
      dockerfile: join(folder, "elsewhere/My.Dockerfile"),
    });
    expect(await printedBy(engine, built)).toEqual([
      ".",
      "./deep",
      "./deep/down",
      "./deep/down/here",
      "./deep/down/here/one.txt",
      "./dist",
      "./dist/server",
      "./dist/server/main.js",
      "./kept.txt",
    ]);
  });

  it("is judged by the Dockerfile's own ignore file where there is one, and keeps the other one as it is", async (context) => {
    const engine = await testEngine(context);
    const folder = folderWith({
      Dockerfile: `${beginning(engine)}COPY . /kept/\nCMD ["sh", "-c", "${LIST}"]\n`,
      "Dockerfile.dockerignore": "one.txt\nDockerfile*",
      ".dockerignore": "two.txt\n.dockerignore\n",
      "one.txt": "",
      "two.txt": "",
    });
    const built = buildOf(engine, { context: folder, dockerfile: join(folder, "Dockerfile") });
    expect(await printedBy(engine, built)).toEqual([".", "./.dockerignore", "./two.txt"]);
  });

  it("has its arguments, target and labels, and is not built a second time", async (context) => {
    const engine = await testEngine(context);
    const folder = folderWith({
      Dockerfile: `ARG BASE\nFROM $BASE AS wanted\nLABEL ${engine.label}\nARG WORD\nRUN echo "$WORD" > /word\nCMD ["cat", "/word"]\nFROM wanted\nRUN false\n`,
    });
    const built = buildOf(engine, {
      context: folder,
      dockerfile: join(folder, "Dockerfile"),
      args: { BASE: engine.redis, WORD: "said twice" },
      target: "wanted",
      labels: { theirs: "yes" },
    });
    expect(await printedBy(engine, built)).toEqual(["said twice"]);
    const image = await engine.connection.docker.getImage(built.image ?? "").inspect();
    expect(image.Config.Labels).toMatchObject({ theirs: "yes", "dev.lockbench.image": "built" });

    const told: string[] = [];
    await engine.up(engine.project({ ...built, name: "again" }), { progress: (line) => told.push(line) });
    expect(told).toEqual([]);
    await engine.up(engine.project({ ...built, name: "renewed", pullPolicy: "build" }), {
      progress: (line) => told.push(line),
    });
    expect(told[0]).toBe(`building ${built.image ?? ""}`);
  });

  it("that fails is told with its step, its last lines and exit code 5", async (context) => {
    const engine = await testEngine(context);
    const folder = folderWith({
      Dockerfile: `${beginning(engine)}RUN echo fine\nRUN echo its last words >&2; exit 3\nRUN echo never\n`,
    });
    const built = buildOf(engine, { context: folder, dockerfile: join(folder, "Dockerfile") });
    await expect(engine.up(engine.project(built))).rejects.toMatchObject({
      code: "BUILD_FAILED",
      exit: 5,
      message: expect.stringMatching(
        /^built \(\/tests\/compose.yml:1:1\) cannot be built: failed at Step \d\/\d : RUN echo its last words >&2; exit 3: .*non-zero code: 3\nthe end of its output:\n {2}its last words$/,
      ) as string,
      hint: `look at ${join(folder, "Dockerfile")}`,
    });
  });

  it("whose Dockerfile has a mistake is told with the engine's words", async (context) => {
    const engine = await testEngine(context);
    const folder = folderWith({ Dockerfile: "FROM scratch\nRNU true\n" });
    const built = buildOf(engine, { context: folder, dockerfile: join(folder, "Dockerfile") });
    await expect(engine.up(engine.project(built))).rejects.toThrow(/failed before the first step: .*RNU/i);
  });

  it("whose context is not there is told by name", async (context) => {
    const engine = await testEngine(context);
    const folder = folderWith({ Dockerfile: "FROM scratch\n" });
    const built = buildOf(engine, { context: join(folder, "nowhere"), dockerfile: join(folder, "Dockerfile") });
    await expect(engine.up(engine.project(built))).rejects.toThrow(/^built cannot be built: its context .*nowhere/);
  });

  it("is given up at once when it is aborted, and its container goes", async (context) => {
    const engine = await testEngine(context);
    const folder = folderWith({ Dockerfile: `${beginning(engine)}RUN echo ${engine.id} started; sleep 1000\n` });
    const built = buildOf(engine, { context: folder, dockerfile: join(folder, "Dockerfile") });
    const stop = new AbortController();
    const up = engine.up(engine.project(built), { signal: stop.signal }).catch((error: unknown) => error);
    const building = async (): Promise<boolean> => {
      const all = await engine.connection.docker.listContainers({ all: true });
      return all.some(({ Command }) => Command.includes(engine.id));
    };
    await expect.poll(building, { timeout: 20_000 }).toBe(true);
    const reason = new Error("enough");
    stop.abort(reason);
    expect(await up).toBe(reason);
    await expect.poll(building, { timeout: 20_000 }).toBe(false);
  });
});

/** What a service's container prints until it ends by itself. */
async function printedBy(engine: TestEngine, service: ComposeService): Promise<string[]> {
  const { id } = containerOf(await engine.up(engine.project(service)), service.name);
  await engine.connection.docker.getContainer(id).wait();
  return tailOf(engine.connection, id, 100);
}
