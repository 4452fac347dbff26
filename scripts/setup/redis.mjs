import { existsSync, readdirSync, statSync } from "node:fs";
import { engineAnswers } from "./engine.mjs";
import { find, run, SetupError, works } from "./run.mjs";

const PROGRAMS = ["redis-server", "valkey-server"];

/** How each system installs a Redis server: commands that are tried in turn until one of them brings it. */
const INSTALLERS = [
  { program: "apt-get", commands: aptCommands, type: "sudo apt-get update && sudo apt-get install -y redis-server" },
  {
    program: "dnf",
    commands: () => ["dnf install -y valkey", "dnf install -y redis"],
    type: "sudo dnf install -y valkey",
  },
  {
    program: "apk",
    commands: () => ["apk add --no-cache redis", "apk add --no-cache valkey"],
    type: "sudo apk add redis",
  },
  { program: "brew", commands: () => ["brew install redis"], type: "brew install redis", asUser: true },
];

/** Package lists older than this may name packages that the mirror has replaced. */
const FRESH_MS = 24 * 60 * 60 * 1000;

function aptCommands() {
  const install = ["redis-server", "valkey-server"].map(
    (name) => `env DEBIAN_FRONTEND=noninteractive apt-get install -y ${name}`,
  );
  return hasFreshLists("/var/lib/apt/lists")
    ? [install[0], "apt-get update", ...install]
    : ["apt-get update", ...install];
}

function hasFreshLists(folder) {
  if (!existsSync(folder)) return false;
  const lists = readdirSync(folder).filter((name) => name.includes("_Packages"));
  return lists.length > 0 && Date.now() - statSync(folder).mtimeMs < FRESH_MS;
}

/**
 * Makes sure that redis-server or valkey-server is on PATH, which the local stack and the tests start. Where it may
 * not install one, a Docker engine will do for `lockbench run`, which then brings up containers.
 */
export function ensureRedis({ mayInstall }) {
  const found = findServer();
  if (found !== undefined) return console.log(`setup: Redis server is there: ${found}`);
  const installer = INSTALLERS.find(({ program }) => find(program) !== undefined);
  if (installer === undefined) return settleForEngine("install redis-server or valkey-server and put it on PATH");
  const prefix = installer.asUser ? [] : rootPrefix();
  if (!mayInstall || prefix === undefined) return settleForEngine(`type: ${installer.type}`);
  console.log(`setup: no Redis server on PATH, installing one with ${installer.program}`);
  const command = installer.commands().find((line) => install(prefix, line));
  if (command === undefined) throw noServer(`the installation failed; type: ${installer.type}`);
  console.log(`setup: Redis server is there: ${findServer()}`);
}

function findServer() {
  return PROGRAMS.map(find).find((program) => program !== undefined);
}

/** What to put before a command that needs root; undefined when there is no way to become root without a question. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return find("sudo") !== undefined && works("sudo", ["-n", "true"]) ? ["sudo", "-n"] : undefined;
}

/** Returns whether a server is there afterwards, which `apt-get update` alone does not bring. */
function install(prefix, line) {
  const [command, ...args] = [...prefix, ...line.split(" ")];
  return run(command, args) && findServer() !== undefined;
}

function settleForEngine(advice) {
  if (!engineAnswers()) throw noServer(advice);
  console.log(`setup: no Redis server on PATH, but a Docker engine answers: lockbench will use containers; ${advice}`);
}

function noServer(advice) {
  return new SetupError(`no Redis server: expected redis-server or valkey-server on PATH, found neither; ${advice}`);
}
