import { environmentError, type LockbenchError } from "../../domain/errors.ts";
import { type Environment, findProgram } from "../../host/programs.ts";

const INSTALLERS = [
  { program: "apt-get", type: "sudo apt-get update && sudo apt-get install -y redis-server" },
  { program: "dnf", type: "sudo dnf install -y valkey || sudo dnf install -y redis" },
  { program: "apk", type: "sudo apk add redis" },
  { program: "brew", type: "brew install redis" },
] as const;

/** Where redis-server, or valkey-server in its place, lies; undefined when neither is on PATH. */
export function findRedisProgram(env: Environment): string | undefined {
  return findProgram(["redis-server", "valkey-server"], env);
}

/** What to type on this system to get a Redis server. */
export function redisInstallHint(env: Environment): string {
  const installer = INSTALLERS.find(({ program }) => findProgram([program], env) !== undefined);
  return installer === undefined
    ? "install redis-server or valkey-server and put it on PATH"
    : `type: ${installer.type}`;
}

export function noRedisProgram(env: Environment): LockbenchError {
  return environmentError(
    "NO_REDIS",
    "no Redis server found: expected redis-server or valkey-server on PATH, found neither",
    {
      hint: redisInstallHint(env),
    },
  );
}
