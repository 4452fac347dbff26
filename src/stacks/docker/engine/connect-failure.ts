import { statSync } from "node:fs";
import { environmentError, type LockbenchError, messageOf } from "../../../domain/errors.ts";
import type { Endpoint } from "./endpoint.ts";
import { saidBy } from "./engine-error.ts";

const CHOOSE = "or set DOCKER_HOST to an engine that runs";

/** Why no engine could be reached, and what to do about exactly that. */
export function connectFailure({ address, from }: Endpoint, error: unknown, withinMs: number): LockbenchError {
  const where = `${address} (${from})`;
  const failure = (code: string, found: string, hint: string): LockbenchError =>
    environmentError(code, `no Docker engine answers at ${where}: ${found}`, { hint, cause: error });

  switch (codeOf(error)) {
    case "ENOENT":
      return failure("NO_ENGINE", "expected a socket, found none", startIt(address));
    case "ECONNREFUSED":
      return isNoSocket(address)
        ? failure("NO_ENGINE", "expected a socket, found a file or a folder", `correct ${from}, ${CHOOSE}`)
        : failure("NO_ENGINE", "nobody listens there", startIt(address));
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return failure(
        "NO_ENGINE",
        messageOf(error),
        `correct ${from}, expected an address such as unix:///var/run/docker.sock or tcp://127.0.0.1:2375`,
      );
    case "EACCES":
    case "EPERM":
      return failure(
        "ENGINE_PERMISSION",
        "this user may not use its socket",
        "type `sudo usermod -aG docker $USER` and log in again (members of that group are as powerful as root), or use a rootless engine",
      );
    case "ABORT_ERR":
    case "ETIMEDOUT":
      return failure(
        "ENGINE_SILENT",
        `awaited an answer for ${(withinMs / 1000).toFixed(1)} s, found none`,
        `look whether it hangs (\`docker info\`) and restart it, ${CHOOSE}`,
      );
    default:
      return failure("NOT_AN_ENGINE", saidBy(error), adviceFor(saidBy(error), from));
  }
}

/** To a file, too, the system says that nobody listens. */
function isNoSocket(address: string): boolean {
  const path = /^unix:\/\/(.*)$/.exec(address)?.[1];
  return path !== undefined && statSync(path, { throwIfNoEntry: false })?.isSocket() === false;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // The signal's own reason arrives as a TimeoutError.
  if (error.name === "TimeoutError" || error.name === "AbortError") return "ABORT_ERR";
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function startIt(address: string): string {
  const start = address.includes("/run/user/")
    ? "start it (`systemctl --user start docker`)"
    : "start it (`sudo systemctl start docker`, or Docker Desktop)";
  return address.startsWith("unix:") ? `${start}, ${CHOOSE}` : `start an engine that listens there, ${CHOOSE}`;
}

function adviceFor(said: string, from: string): string {
  if (/HTTPS server/i.test(said))
    return "it wants an encrypted connection: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH";
  if (/certificate|SSL|TLS/i.test(said)) return "look at DOCKER_TLS_VERIFY and the certificates in DOCKER_CERT_PATH";
  return `look what listens there, and correct or unset ${from}`;
}
