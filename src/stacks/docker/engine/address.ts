import { existsSync } from "node:fs";
import { join } from "node:path";
import { usageError } from "../../../domain/errors.ts";
import type { Environment } from "../../../host/programs.ts";
import { currentContext, readContext } from "./contexts.ts";
import type { Endpoint } from "./endpoint.ts";

const DEFAULT_SOCKET = "/var/run/docker.sock";
const KINDS = ["unix:", "tcp:", "http:", "https:"];

/**
 * Where the engine is, found in the order of the Docker CLI: DOCKER_HOST,
 * DOCKER_CONTEXT, the current context, the default socket, the rootless one.
 * @throws LockbenchError (exit 2) for an address or a context that cannot be used
 */
export function engineAddress(env: Environment): Endpoint {
  const host = env["DOCKER_HOST"] ?? "";
  if (host !== "") return checked({ address: host, from: "DOCKER_HOST", certificates: certificatesOf(env) });
  const name = currentContext(env);
  return name === "default" ? defaultSocket(env) : checked(readContext(env, name));
}

function defaultSocket(env: Environment): Endpoint {
  const rootless = join(env["XDG_RUNTIME_DIR"] ?? "/nonexistent", "docker.sock");
  return !existsSync(DEFAULT_SOCKET) && existsSync(rootless)
    ? { address: `unix://${rootless}`, from: "the rootless socket", certificates: null }
    : { address: `unix://${DEFAULT_SOCKET}`, from: "the default socket", certificates: null };
}

/** Anything but "" means yes, as for the Docker CLI. */
function certificatesOf(env: Environment): string | null {
  if ((env["DOCKER_TLS_VERIFY"] ?? "") === "") return null;
  const folder = env["DOCKER_CERT_PATH"] ?? "";
  return folder === "" ? (env["DOCKER_CONFIG"] ?? join(env["HOME"] ?? "/", ".docker")) : folder;
}

function checked(found: Endpoint): Endpoint {
  const { address, from } = found;
  const kind = /^[a-z]+:(?=\/\/)/.exec(address)?.[0];
  if (kind === undefined) return checked({ ...found, address: `tcp://${address}` });
  if (kind === "ssh:" || kind === "npipe:") {
    throw usageError(
      `${from}: expected an engine behind unix:// or tcp://, found ${address}, which lockbench cannot use`,
      "the buyers reach containers through 127.0.0.1 only, so use an engine of this machine: set DOCKER_HOST=unix:///var/run/docker.sock",
    );
  }
  if (!KINDS.includes(kind) || !URL.canParse(address) || address === `${kind}//`) {
    throw usageError(
      `${from}: expected an address such as unix:///var/run/docker.sock or tcp://127.0.0.1:2375, found ${JSON.stringify(address)}`,
      `correct or unset ${from}`,
    );
  }
  return found;
}
