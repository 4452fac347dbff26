import { join, resolve } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

const script = join(resolve(import.meta.dirname, "../.."), ".ci/engine.mjs");

test("an engine that was named but does not answer is not replaced by another", async () => {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [script], {
    env: { DOCKER_HOST: "unix:///nowhere.sock" },
    reject: false,
  });
  expect(exitCode).toBe(5);
  expect(stderr).toContain("engine: no engine answers at DOCKER_HOST=unix:///nowhere.sock; start it, or unset");
  expect(stdout).toBe("");
});

test.each(["--env", "--engine", "--env a b"])(
  "unknown arguments are refused before anything is done: %s",
  async (args) => {
    const { exitCode, stderr } = await execa(process.execPath, [script, ...args.split(" ")], { reject: false });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`unknown arguments: ${args}`);
    expect(stderr).not.toMatch(/^engine: engine /m);
  },
);
