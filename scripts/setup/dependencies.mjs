import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, runOrFail, works } from "./run.mjs";

export function installDependencies() {
  if (matchesLockFile() && nativeModuleLoads()) return console.log("setup: dependencies are there");
  runOrFail(
    "npm",
    ["ci", "--include=dev", "--no-audit", "--no-fund"],
    "npm needs the registry, and python3, make and g++ where a module has to be built",
  );
}

/** npm writes what it installed into a lock file of its own, inside node_modules. */
function matchesLockFile() {
  const wanted = packagesOf(join(ROOT, "package-lock.json"));
  const installed = packagesOf(join(ROOT, "node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    const found = installed[path]?.version;
    // Optional packages of other systems are locked, but not installed here.
    return path === "" || found === version || (found === undefined && optional === true);
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
}

/** It was built for one version of Node, and this may be another. */
function nativeModuleLoads() {
  return works(process.execPath, ["-e", 'new (require("better-sqlite3"))(":memory:")']);
}
