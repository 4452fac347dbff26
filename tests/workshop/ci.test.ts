import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterEach, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const clones: string[] = [];

afterEach(async () => {
  await Promise.all(clones.splice(0).map((clone) => rm(clone, { recursive: true, force: true })));
});

const fine = "node -e 0";
/** Does what the summary reporter does, and takes the reporters' flags. */
const countingTest =
  "node -e \"require('fs').writeFileSync(process.env.TEST_SUMMARY,'3 passed, 0 failed, 0 skipped\\n')\" --";
const steps = ["setup", "lint", "format:check", "types", "layers", "dead-code", "schemas:check"];
const soundScripts = { ...Object.fromEntries(steps.map((step) => [step, fine])), test: countingTest };

test("CI passes when every step does, and its last line is the count of the tests", async () => {
  const { exitCode, stdout } = await runCi(soundScripts);

  expect(stdout.trimEnd().split("\n").at(-1)).toBe("3 passed, 0 failed, 0 skipped");
  expect(exitCode).toBe(0);
});

test("CI names every step that failed, and still ends with the count", async () => {
  const { exitCode, stdout } = await runCi(
    { ...soundScripts, lint: "node -e process.exit(3)", layers: "no-such-tool" },
    "throw 1",
  );

  expect(stdout).toContain("FAILED: lint layers prove");
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("3 passed, 0 failed, 0 skipped");
  expect(exitCode).toBe(1);
});

test("CI fails when the tests end well without having counted anything", async () => {
  const { exitCode, stdout } = await runCi({ ...soundScripts, test: `${fine} --` });

  expect(stdout).toContain("the tests did not run to their end");
  expect(exitCode).toBe(1);
});

test("CI stops after a set-up that failed, for nothing else could say anything", async () => {
  const { exitCode, stdout } = await runCi({ ...soundScripts, setup: "node -e process.exit(5)" });

  expect(stdout).toContain("FAILED: setup");
  expect(stdout).not.toContain("==> lint");
  expect(exitCode).toBe(1);
});

/** Runs the real script in a clone whose npm scripts are these. */
async function runCi(
  scripts: Readonly<Record<string, string>>,
  binary = "",
): Promise<{ exitCode: number | undefined; stdout: string }> {
  const clone = await mkdtemp(join(tmpdir(), "lockbench-ci-"));
  clones.push(clone);
  await Promise.all([mkdir(join(clone, ".ci")), mkdir(join(clone, "bin"))]);
  await copyFile(join(root, ".ci/run"), join(clone, ".ci/run"));
  await writeFile(join(clone, "package.json"), JSON.stringify({ scripts }));
  await writeFile(join(clone, "bin/lockbench.js"), binary);
  const { exitCode, stdout } = await execa("bash", [".ci/run"], { cwd: clone, reject: false });
  return { exitCode, stdout };
}
