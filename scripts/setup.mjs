#!/usr/bin/env node
// `npm run setup`: everything that a fresh machine needs before `lockbench run`.
// It runs before any dependency is installed, so it uses nothing but Node itself.
import { installDependencies } from "./setup/dependencies.mjs";
import { buildSources } from "./setup/build.mjs";
import { ensureRedis } from "./setup/redis.mjs";
import { SetupError } from "./setup/run.mjs";

const USAGE = `usage: npm run setup [-- --no-install]

Installs the dependencies, builds, and makes sure that a Redis server exists.
  --no-install  install no system packages; say what to type instead`;

function main(args) {
  const unknown = args.find((arg) => !["--no-install", "--help"].includes(arg));
  if (unknown !== undefined) throw new SetupError(`unknown option: ${unknown}\n${USAGE}`, 2);
  if (args.includes("--help")) return console.log(USAGE);
  installDependencies();
  buildSources();
  ensureRedis({ mayInstall: !args.includes("--no-install") });
  console.log("setup: done. Next: node bin/lockbench.js run v1_stress");
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`setup: ${error.message}`);
  process.exitCode = error.exitCode;
}
