import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { find, SetupError } from "../../scripts/setup/run.mjs";
import { ask, must, say } from "./command.mjs";
import { ensurePrograms } from "./packages.mjs";

const START_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 200;
const CGROUPS = "/sys/fs/cgroup";

/**
 * Makes sure that a Docker engine answers, and starts one if need be.
 * @param started is handed the process id of an engine that was started, before it answers
 * @returns the engine's version
 */
export async function ensureEngine(started) {
  const before = engineVersion();
  if (before !== undefined) return before;
  const host = process.env.DOCKER_HOST ?? "";
  if (host !== "") throw new SetupError(`no engine answers at DOCKER_HOST=${host}; start it, or unset DOCKER_HOST`);
  if (process.getuid?.() !== 0) {
    throw new SetupError("no Docker engine answers, and only root can start one; start Docker, or run this as root");
  }
  say("no engine answers: starting one");
  ensurePrograms(["dockerd", "docker"]);
  return engineVersion() ?? (await startEngine(started));
}

/** Undefined when there is no client, or no engine answers it. */
function engineVersion() {
  if (find("docker") === undefined) return undefined;
  return ask("docker", ["version", "--format", "{{.Server.Version}}"]);
}

async function startEngine(started) {
  mountCgroups();
  const folder = mkdtempSync(join(tmpdir(), "lockbench-engine-"));
  const log = join(folder, "dockerd.log");
  const file = openSync(log, "a");
  // In a session of its own: it outlives this script, and a signal to the whole of CI is not one to it.
  const engine = spawn("dockerd", ["--pidfile", join(folder, "dockerd.pid")], {
    detached: true,
    stdio: ["ignore", file, file],
  });
  let ended = false;
  engine.once("exit", () => (ended = true)).unref();
  started(engine.pid);
  say(`dockerd is process ${String(engine.pid)}, its log ${log}`);
  const deadline = performance.now() + START_WITHIN_MS;
  while (!ended && performance.now() < deadline) {
    const version = engineVersion();
    if (version !== undefined) return version;
    await sleep(ASK_EVERY_MS);
  }
  const tail = readFileSync(log, "utf8").trimEnd().split("\n").slice(-20).join("\n");
  throw new SetupError(`dockerd ${ended ? "ended" : "did not answer in 60 s"}; the end of its log:\n${tail}`);
}

/** In a machine without an init system nobody has mounted them yet. */
function mountCgroups() {
  if (readdirSync(CGROUPS).length > 0) return;
  ensurePrograms(["cgroupfs-mount"]);
  must("cgroupfs-mount", []);
}
