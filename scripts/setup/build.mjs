import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT, runOrFail } from "./run.mjs";

export function buildSources() {
  if (isBuilt()) return console.log("setup: the build is up to date");
  runOrFail("npm", ["run", "--silent", "build"], "the sources do not compile: the messages above say where");
}

function isBuilt() {
  const sources = readdirSync(join(ROOT, "src"), { recursive: true }).filter((file) => file.endsWith(".ts"));
  return sources.every((file) => isNewer(join(ROOT, "dist", file.replace(/\.ts$/, ".js")), join(ROOT, "src", file)));
}

function isNewer(output, source) {
  return existsSync(output) && statSync(output).mtimeMs >= statSync(source).mtimeMs;
}
