#!/usr/bin/env node
// `npm run engine`: a Docker engine and the images that the tests use, on a machine without a registry.
import { appendFileSync, truncateSync } from "node:fs";
import { SetupError } from "../scripts/setup/run.mjs";
import { say } from "./engine/command.mjs";
import { ensureEngine } from "./engine/daemon.mjs";
import { ensureNodeImage, NODE_IMAGE } from "./engine/node-image.mjs";
import { ensurePrograms } from "./engine/packages.mjs";
import { ensureRedisImage, REDIS_IMAGE } from "./engine/redis-image.mjs";

const USAGE = `usage: eval "$(npm run --silent engine)"
       npm run engine -- --env FILE

Installs and starts Docker if no engine answers, makes the two images that the tests
use, and prints the settings that choose them, for this shell or into FILE.`;

async function main(args) {
  const [flag, file, ...more] = args;
  if (flag === "--help") return console.log(USAGE);
  if ((flag !== undefined && flag !== "--env") || (flag === "--env" && file === undefined) || more.length > 0) {
    throw new SetupError(`unknown arguments: ${args.join(" ")}\n${USAGE}`, 2);
  }
  if (file !== undefined) truncateSync(file);
  const set = (line) => (file === undefined ? console.log(line) : appendFileSync(file, `${line}\n`));

  const version = await ensureEngine((pid) => set(`export LOCKBENCH_ENGINE_PID=${String(pid)}`));
  say(`engine ${version} answers`);
  ensurePrograms(["docker-compose", "debootstrap"]);
  ensureRedisImage();
  ensureNodeImage();
  set(`export LOCKBENCH_REDIS_IMAGE=${REDIS_IMAGE}`);
  set(`export LOCKBENCH_NODE_IMAGE=${NODE_IMAGE}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}
