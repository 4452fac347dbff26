import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A failure that is told in one sentence, without a stack. Exit code 5: the environment is at fault. */
export class SetupError extends Error {
  constructor(message, exitCode = 5) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Says what it does, does it, and shows its output. Returns whether it worked. */
export function run(command, args) {
  console.log(`setup: ${[command, ...args].join(" ")}`);
  return spawnSync(command, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] }).status === 0;
}

export function runOrFail(command, args, advice) {
  if (!run(command, args)) throw new SetupError(`failed: ${[command, ...args].join(" ")}\n${advice}`);
}

/** True when a command ends well, without showing anything. */
export function works(command, args) {
  return spawnSync(command, args, { cwd: ROOT, stdio: "ignore", timeout: 20_000 }).status === 0;
}

/** Where a program lies on PATH, or undefined. */
export function find(program) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
