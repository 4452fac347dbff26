import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../../src/host/clock.ts";
import { unlessGone } from "../../../../src/stacks/docker/engine/engine-error.ts";
import { pullImage } from "../../../../src/stacks/docker/engine/pull.ts";
import { PullProgress } from "../../../../src/stacks/docker/engine/pull-progress.ts";
import { rareLines } from "../../../../src/stacks/docker/engine/rare-lines.ts";
import { temporaryFolder } from "../../../support/folders.ts";
import { startRegistry } from "./registry.ts";
import { testEngine } from "./support.ts";

const MB = 1_000_000;

describe("an image that is pulled", () => {
  it("is fetched from its registry, and says how far it is", async (context) => {
    const { connection, id } = await testEngine(context);
    const { host } = await startRegistry(folderOf(3 * MB), 150);
    const image = `${host}/${id}:1`;
    onTestFinished(async () => {
      await unlessGone<unknown>(connection.docker.getImage(image).remove({ force: true }));
    });
    const told: string[] = [];
    const progress = rareLines(systemClock(), (line) => told.push(line));
    await pullImage(connection.docker, image, AbortSignal.timeout(25_000), progress);
    expect(told[0]).toBe(`pulling ${image}`);
    expect(told.slice(1).join("\n")).toMatch(new RegExp(`^pulling ${image}: \\d+ % of 3\\.0 MB`, "m"));
    expect((await connection.docker.getImage(image).inspect()).RepoTags).toEqual([image]);
  });

  it("is given up when that is asked for", async (context) => {
    const { connection, id } = await testEngine(context);
    const { host } = await startRegistry(folderOf(MB), 10_000);
    const stop = new AbortController();
    const reason = new Error("enough");
    const pulled = pullImage(connection.docker, `${host}/${id}:1`, stop.signal, {
      always: () => undefined,
      sometimes: () => {
        stop.abort(reason);
      },
    });
    await expect(pulled).rejects.toBe(reason);
  });

  it("that the registry does not have is told with the registry's words", async (context) => {
    const { connection, id } = await testEngine(context);
    const { host } = await startRegistry(folderOf(1), 0);
    const progress = rareLines(systemClock(), () => undefined);
    await expect(
      pullImage(connection.docker, `${host}/${id}:other`, AbortSignal.timeout(25_000), progress),
    ).rejects.toMatchObject({
      code: "NO_IMAGE",
      message: expect.stringMatching(/: the Docker engine says: .*manifest.*(unknown|not found)/i) as string,
    });
  });
});

describe("the progress of a pull", () => {
  it("adds up its layers", () => {
    const progress = new PullProgress();
    expect(progress.describe()).toBe("preparing");
    progress.take({ status: "Pulling from library/redis", id: "7" });
    progress.take({ status: "Downloading", id: "one", progressDetail: { current: MB, total: 2 * MB } });
    progress.take({ status: "Downloading", id: "two", progressDetail: { current: MB, total: 6 * MB } });
    expect(progress.describe()).toBe("25 % of 8.0 MB");
    progress.take({ status: "Download complete", id: "two", progressDetail: {} });
    expect(progress.describe()).toBe("87 % of 8.0 MB");
  });
});

/** A folder with one file that does not compress. */
function folderOf(bytes: number): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "noise"), randomBytes(bytes));
  return folder;
}
