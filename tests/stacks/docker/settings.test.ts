import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { askedPorts, baseImages, requireUsableSettings } from "../../../src/stacks/docker/settings.ts";

test.each([
  ["LOCKBENCH_APP_PORT", "abc"],
  ["LOCKBENCH_REDIS_PORT", "99999"],
  ["LOCKBENCH_REDIS4_PORT", "0"],
  ["LOCKBENCH_REDIS_IMAGE", "redis 7"],
])("%s=%s is refused by the name of the variable", (name, value) => {
  expect(() => {
    requireUsableSettings({ [name]: value });
  }).toThrow(`${name}: expected `);
});

test("ports and images that can be used pass, and so do those that are not set", () => {
  requireUsableSettings({
    LOCKBENCH_APP_PORT: "8081",
    LOCKBENCH_REDIS1_PORT: "",
    LOCKBENCH_NODE_IMAGE: "127.0.0.1:5000/lockbench/debian-node:bookworm@sha256:0a",
  });
});

test("ports are asked for by service", () => {
  const env = { LOCKBENCH_APP_PORT: "8081", LOCKBENCH_REDIS1_PORT: "", LOCKBENCH_REDIS4_PORT: "7000", PORT: "1" };
  expect([...askedPorts(env)]).toEqual([
    ["app", 8081],
    ["redis4", 7000],
  ]);
});

test("the images that are built upon are those of the Compose files, unless a variable names others", () => {
  const compose = ["single.yml", "redlock.yml"].map((name) =>
    readFileSync(new URL(`../../../compose/${name}`, import.meta.url), "utf8"),
  );
  for (const [variable, image] of baseImages({}))
    for (const text of compose) expect(text).toContain(`\${${variable}:-${image}}`);
  expect(baseImages({ LOCKBENCH_REDIS_IMAGE: "mine:1" }).get("LOCKBENCH_REDIS_IMAGE")).toBe("mine:1");
});
