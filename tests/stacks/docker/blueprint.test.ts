import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, test } from "vitest";
import type { Plan } from "../../../src/domain/plan.ts";
import { blueprintOf, projectFor } from "../../../src/stacks/docker/blueprint.ts";
import type { DockerStackOptions } from "../../../src/stacks/docker/options.ts";
import { settingsOf } from "../../../src/stacks/docker/settings.ts";
import { temporaryFolder } from "../../support/folders.ts";

const PACKAGE = fileURLToPath(new URL("../../..", import.meta.url));
const plan = {
  stack: { redisNodes: 1, replicas: 1, externalRedis: [], tap: false },
  target: { start: null, url: null, ready: {} },
  products: [],
  load: {},
} as unknown as Plan;

/** A package of its own, with all that goes into the image. */
let lockbench: string;
beforeEach(() => {
  lockbench = temporaryFolder();
  cpSync(join(PACKAGE, "compose"), join(lockbench, "compose"), { recursive: true });
  for (const part of ["server", "controls", "stacks/docker/door"]) {
    mkdirSync(join(lockbench, "dist", part), { recursive: true });
    writeFileSync(join(lockbench, "dist", part, "main.js"), "");
  }
});

async function imageOf(service: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const options = { lockbench, version: "1.2.3", runtime: { env } } as unknown as DockerStackOptions;
  const { services } = await projectFor(options, plan, await blueprintOf(options, plan), "shop");
  return services.find(({ name }) => name === service)?.image ?? "";
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(join(lockbench, file), change(readFileSync(join(lockbench, file), "utf8")));
}

test("the server's image keeps its tag while nothing changes that it is built from", async () => {
  const image = await imageOf("app");
  expect(image).toMatch(/^lockbench-app:1\.2\.3-[0-9a-f]{12}$/);
  edit("compose/single.yml", (text) => text.replace("mem_limit: 1g", "mem_limit: 2g"));
  expect(await imageOf("app", { LOCKBENCH_REDIS_IMAGE: "mine:1", LOCKBENCH_APP_PORT: "9000" })).toBe(image);
});

test.each<readonly [what: string, change: () => void]>([
  ["a file of the server", () => appendFileSync(join(lockbench, "dist/server/main.js"), "\n")],
  ["the Dockerfile", () => appendFileSync(join(lockbench, "compose/Dockerfile"), "\n")],
  ["the base image, by a .env", () => writeFileSync(join(lockbench, "compose/.env"), "LOCKBENCH_NODE_IMAGE=mine:1\n")],
  [
    "the base image, in the Compose file",
    () =>
      edit("compose/single.yml", (text) => text.replace(/LOCKBENCH_NODE_IMAGE: .*/, "LOCKBENCH_NODE_IMAGE: mine:1")),
  ],
  [
    "which Dockerfile it is",
    () => {
      cpSync(join(lockbench, "compose/Dockerfile"), join(lockbench, "compose/Mine"));
      edit("compose/single.yml", (text) => text.replace("compose/Dockerfile", "compose/Mine"));
    },
  ],
])("its tag changes with %s, so that it is built again", async (_, change) => {
  const before = await imageOf("app");
  change();
  expect(await imageOf("app")).not.toBe(before);
});

test("what the environment says goes before what a .env says", async () => {
  expect(await imageOf("app", { LOCKBENCH_NODE_IMAGE: "mine:1" })).not.toBe(await imageOf("app"));
  writeFileSync(join(lockbench, "compose/.env"), "LOCKBENCH_REDIS_IMAGE=beside:1\nLOCKBENCH_REDIS_PORT=7000\n");
  expect(await imageOf("redis")).toBe("beside:1");
  expect(await imageOf("redis", { LOCKBENCH_REDIS_IMAGE: "given:1" })).toBe("given:1");
  expect((await settingsOf(lockbench, {}))["LOCKBENCH_REDIS_PORT"]).toBe("7000");
});

test.each([
  [
    "a service that is none of its parts",
    "volumes:\n  data:",
    "  more: { image: redis }\nvolumes:\n  data:",
    /services\.more: expected one of app, redis, found "more"/,
  ],
  [
    "a Redis node of several containers",
    "  redis:\n",
    "  redis:\n    scale: 2\n",
    /services\.redis: expected one container, found 2/,
  ],
  [
    "servers whose number the file says",
    "  app:\n",
    "  app:\n    scale: 3\n",
    /services\.app: expected one container, found 3/,
  ],
  [
    "no Redis",
    /( {2}redis:\n)([^]*)service_healthy/,
    "$1    profiles: [none]\n$2service_healthy, required: false",
    /expected the services app, redis, found no redis/,
  ],
])("a Compose file that was changed is refused for %s", async (_, text, changed, message) => {
  edit("compose/single.yml", (file) => file.replace(text, changed));
  await expect(imageOf("app")).rejects.toMatchObject({ exit: 2, message: expect.stringMatching(message) as string });
});
