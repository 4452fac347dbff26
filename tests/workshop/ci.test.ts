import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterEach, expect, onTestFinished, test } from "vitest";

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
const soundScripts = {
  ...Object.fromEntries(steps.map((step) => [step, fine])),
  // What follows `--` is for the script, not for node.
  engine: `${fine} --`,
  test: countingTest,
};

test("CI passes when every step does, and its last line is the count of the tests", async () => {
  const { exitCode, stdout } = await runCi(soundScripts);

  expect(stdout.trimEnd().split("\n").at(-1)).toBe("3 passed, 0 failed, 0 skipped");
  expect(exitCode).toBe(0);
});

test("CI names every step that failed, and still ends with the count", async () => {
  const { exitCode, stdout } = await runCi(
    { ...soundScripts, lint: "node -e process.exit(3)", layers: "no-such-tool" },
    { "bin/lockbench.js": "throw 1" },
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

test("CI hands the engine's settings to the tests, and stops the engine that was started for it", async () => {
  const { stdout, clone } = await runCi(
    {
      ...soundScripts,
      engine: "bash engine.sh",
      test: `echo "$LOCKBENCH_ENGINE_PID $LOCKBENCH_NODE_IMAGE" >seen; ${countingTest}`,
    },
    {
      "engine.sh": `sleep 600 >/dev/null 2>&1 &
        echo "export LOCKBENCH_ENGINE_PID=$! LOCKBENCH_NODE_IMAGE=ours" >"$2"`,
    },
  );

  expect(stdout).toContain("every step passed");
  const [started = "", image] = (await readFile(join(clone, "seen"), "utf8")).trim().split(" ");
  expect(image).toBe("ours");
  expect(await isRunning(started)).toBe(false);
});

test("CI leaves an engine alone that somebody else started", async () => {
  const theirs = execa("sleep", ["600"], { reject: false });
  onTestFinished(() => void theirs.kill());
  await runCi(soundScripts, {}, { LOCKBENCH_ENGINE_PID: String(theirs.pid) });

  expect(await isRunning(String(theirs.pid))).toBe(true);
});

/** An ended process that nobody has collected yet does not run. */
async function isRunning(pid: string): Promise<boolean> {
  const { stdout } = await execa("ps", ["-o", "stat=", "-p", pid], { reject: false });
  return /^[^Z]/.test(stdout.trim());
}

/** Runs the real script in a clone with these npm scripts and files. */
async function runCi(
  scripts: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<{ exitCode: number | undefined; stdout: string; clone: string }> {
  const clone = await mkdtemp(join(tmpdir(), "lockbench-ci-"));
  clones.push(clone);
  await Promise.all([mkdir(join(clone, ".ci")), mkdir(join(clone, "bin"))]);
  await copyFile(join(root, ".ci/run"), join(clone, ".ci/run"));
  const all = { "package.json": JSON.stringify({ scripts }), "bin/lockbench.js": "", ...files };
  await Promise.all(Object.entries(all).map(([name, text]) => writeFile(join(clone, name), text)));
  const { exitCode, stdout } = await execa("bash", [".ci/run"], { cwd: clone, reject: false, env });
  return { exitCode, stdout, clone };
}
