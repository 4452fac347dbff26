import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, usageError } from "../../../domain/errors.ts";
import type { Environment } from "../../../host/programs.ts";
import type { Endpoint } from "./endpoint.ts";

/** Of ~/.docker/config.json. */
interface ClientConfig {
  readonly currentContext?: unknown;
}

/** Of ~/.docker/contexts/meta/<sha256 of the name>/meta.json. */
interface ContextMeta {
  readonly Endpoints?: { readonly docker?: { readonly Host?: unknown } };
}

/** Name of the context that the Docker CLI would use; `default` where none was chosen. */
export function currentContext(env: Environment): string {
  const named = env["DOCKER_CONTEXT"] ?? "";
  if (named !== "") return named;
  const file = join(configFolder(env), "config.json");
  const { currentContext: chosen } = existsSync(file) ? (readJson(file) as ClientConfig) : {};
  return typeof chosen === "string" && chosen !== "" ? chosen : "default";
}

/** @throws LockbenchError (exit 2) when there is no such context, or it names no engine */
export function readContext(env: Environment, name: string): Endpoint {
  const folder = join(configFolder(env), "contexts");
  const key = createHash("sha256").update(name).digest("hex");
  const file = join(folder, "meta", key, "meta.json");
  const from = `context ${JSON.stringify(name)}`;
  if (!existsSync(file)) {
    throw usageError(
      `${from}: expected it in ${file}, found no such file`,
      "type `docker context ls` to see which there are, or set DOCKER_HOST",
    );
  }
  const address = (readJson(file) as ContextMeta).Endpoints?.docker?.Host;
  if (typeof address !== "string" || address === "") {
    throw usageError(`${from}: expected the address of a Docker engine in ${file}, found none`, "set DOCKER_HOST");
  }
  const certificates = join(folder, "tls", key, "docker");
  return { address, from, certificates: existsSync(certificates) ? certificates : null };
}

function configFolder(env: Environment): string {
  return env["DOCKER_CONFIG"] ?? join(env["HOME"] ?? "/", ".docker");
}

function readJson(file: string): object {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof content === "object" && content !== null) return content;
  } catch (error) {
    throw usageError(`Docker's settings: cannot read ${file}: ${messageOf(error)}`, "correct it, or set DOCKER_HOST");
  }
  throw usageError(`Docker's settings: expected an object in ${file}, found something else`, "set DOCKER_HOST");
}
