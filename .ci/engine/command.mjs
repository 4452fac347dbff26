import { spawnSync } from "node:child_process";
import { SetupError } from "../../scripts/setup/run.mjs";

/** Progress goes to stderr: what is printed on stdout is for the shell that asked. */
export function say(line) {
  process.stderr.write(`engine: ${line}\n`);
}

/** Says what it does and does it, with its output shown. A failure ends everything. */
export function must(command, args, { advice = "see its output above", quiet = false, ...options } = {}) {
  const line = [command, ...args].join(" ");
  say(line.length > 200 ? `${line.slice(0, 200)} …` : line);
  const output = quiet ? "pipe" : process.stderr;
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    ...options,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", output, output],
  });
  if (status === 0) return;
  if (quiet) process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`.slice(-8000));
  throw new SetupError(`failed: ${command} (${error?.message ?? `exit code ${String(status)}`}); ${advice}`);
}

/** What a command prints, or undefined when it fails. */
export function ask(command, args) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 20_000,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 ? stdout.trim() : undefined;
}
