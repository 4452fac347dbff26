import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));
let root: string;
let bin: string;

/** A checkout with everything installed and nothing to build, and a PATH on which only this test's programs lie. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lockbench-setup-"));
  bin = join(root, "path");
  mkdirSync(bin);
  mkdirSync(join(root, "src"));
  cpSync(join(repository, "scripts"), join(root, "scripts"), { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) cpSync(join(repository, name), join(root, name));
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  symlinkSync("/usr/bin/env", join(bin, "env"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\necho "$(/usr/bin/basename "$0") $*" >> ${root}/calls\n${script}\n`, {
    mode: 0o755,
  });
}

function setup(...args: string[]): {
  readonly status: number | null;
  readonly output: string;
  readonly calls: string[];
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts", "setup.mjs"), ...args], {
    encoding: "utf8",
    env: { PATH: bin, DOCKER_HOST: `unix://${engineSocket()}` },
  });
  const calls = existsSync(join(root, "calls")) ? readFileSync(join(root, "calls"), "utf8").trim().split("\n") : [];
  return { status, output: stdout + stderr, calls };
}

function engineSocket(): string {
  return join(root, "engine.sock");
}

const bringsRedis = `case "$*" in *install*redis*|*add*redis*) printf '#!/bin/sh\\n' > \${0%/*}/redis-server; /bin/chmod +x \${0%/*}/redis-server;; esac`;

test("where everything is there it does nothing, as often as it is run", () => {
  program("valkey-server", "");
  for (const time of [1, 2]) {
    const { status, output, calls } = setup();
    expect({ time, status, calls }).toEqual({ time, status: 0, calls: [] });
    expect(output).toContain("dependencies are there");
    expect(output).toContain("the build is up to date");
    expect(output).toContain("Redis server is there: ");
  }
});

test("without a Redis server it installs one and says how", () => {
  program("apk", bringsRedis);
  const { status, output, calls } = setup();
  expect(output).toContain("setup: apk add --no-cache redis");
  expect(status).toBe(process.getuid?.() === 0 ? 0 : 5);
  if (status === 0) expect(calls).toEqual(["apk add --no-cache redis"]);
});

test("the next package is tried where the first one does not exist", () => {
  program("dnf", `case "$*" in *valkey*) exit 1;; esac; ${bringsRedis}`);
  const { status, calls } = setup();
  expect(status).toBe(process.getuid?.() === 0 ? 0 : 5);
  if (status === 0) expect(calls).toEqual(["dnf install -y valkey", "dnf install -y redis"]);
});

test("where it may not install it says what to type, and exits 5", () => {
  program("apt-get", bringsRedis);
  const { status, output, calls } = setup("--no-install");
  expect(status).toBe(5);
  expect(calls).toEqual([]);
  expect(output).toContain("type: sudo apt-get update && sudo apt-get install -y redis-server");
});

test("where it may not install, a Docker engine that answers will do", async () => {
  program("apt-get", bringsRedis);
  expect(setup("--no-install").status).toBe(5);
  const engine = `require("node:http").createServer((_, to) => to.end("OK")).listen(${JSON.stringify(engineSocket())})`;
  const running = spawn(process.execPath, ["--eval", engine], { stdio: "ignore" });
  await expect.poll(() => existsSync(engineSocket())).toBe(true);
  const { status, output, calls } = setup("--no-install");
  running.kill();
  expect({ status, calls }).toEqual({ status: 0, calls: [] });
  expect(output).toContain("a Docker engine answers: lockbench will use containers");
});

test("an installation that fails, and a system without a package manager: exit 5 with what to do", () => {
  expect(setup()).toMatchObject({
    status: 5,
    output: expect.stringContaining("install redis-server or valkey-server and put it on PATH") as string,
  });
  program("apk", "exit 1");
  const { status, output } = setup();
  expect(status).toBe(5);
  expect(output).toContain("type: sudo apk add redis");
});

test("dependencies are installed again when the lock file asks for others", () => {
  program("redis-server", "");
  program("npm", "");
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version: string }>;
  };
  lock.packages["node_modules/zod"] = { version: "0.0.1" };
  writeFileSync(join(root, "package-lock.json"), JSON.stringify(lock));
  expect(setup().calls).toEqual(["npm ci --include=dev --no-audit --no-fund"]);
});

test("sources that are newer than their build are built, and a build that fails stops the setup", () => {
  program("redis-server", "");
  program("npm", "exit 1");
  writeFileSync(join(root, "src", "one.ts"), "");
  mkdirSync(join(root, "dist"));
  writeFileSync(join(root, "dist", "one.js"), "");
  expect(setup()).toMatchObject({ status: 0, calls: [] });
  utimesSync(join(root, "dist", "one.js"), 1, 1);
  const { status, output, calls } = setup();
  expect(status).toBe(5);
  expect(calls).toEqual(["npm run --silent build"]);
  expect(output).toContain("the sources do not compile");
});

test("an unknown option is a usage error", () => {
  expect(setup("--force").status).toBe(2);
});
