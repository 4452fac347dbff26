import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import { join } from "node:path";
import Dockerode from "dockerode";
import { environmentError, messageOf } from "../../../domain/errors.ts";
import type { Environment } from "../../../host/programs.ts";
import { engineAddress } from "./address.ts";
import { connectFailure } from "./connect-failure.ts";
import type { Endpoint } from "./endpoint.ts";

export interface EngineConnection {
  readonly docker: Dockerode;
  /** Such as `unix:///var/run/docker.sock`. */
  readonly address: string;
  /** Why that one: `DOCKER_HOST`, `context "rootless"`, `the default socket`. */
  readonly from: string;
}

const ANSWER_WITHIN_MS = 5000;
const UNIX = "unix://";

/**
 * Finds the engine and asks whether it answers.
 * @throws LockbenchError (exit 5; code NO_ENGINE, ENGINE_PERMISSION, ENGINE_SILENT or NOT_AN_ENGINE) with what to do;
 *   exit 2 for an address that cannot be used
 */
export async function connectEngine(
  env: Environment,
  { withinMs = ANSWER_WITHIN_MS }: { readonly withinMs?: number } = {},
): Promise<EngineConnection> {
  const found = engineAddress(env);
  const docker = clientOf(found);
  try {
    const answer = String(await ping(docker, AbortSignal.timeout(withinMs)));
    if (answer !== "OK") throw new Error(`it answered ${JSON.stringify(answer.slice(0, 80))}`);
  } catch (error) {
    throw connectFailure(found, error, withinMs);
  }
  return { docker, address: found.address, from: found.from };
}

/** Its types do not know that it takes a signal. */
async function ping(docker: Dockerode, abortSignal: AbortSignal): Promise<unknown> {
  const ask = docker.ping.bind(docker) as (options: { abortSignal: AbortSignal }) => Promise<unknown>;
  return ask({ abortSignal });
}

/** Everything is said here: what is left open, docker-modem takes from this process's own environment. */
function clientOf({ address, certificates }: Endpoint): Dockerode {
  if (address.startsWith(UNIX)) {
    return new Dockerode({
      ...NOTHING_FROM_THE_ENVIRONMENT,
      socketPath: address.slice(UNIX.length),
      protocol: "http",
      // Connections that idle do not keep the process alive.
      agent: new Agent({ keepAlive: true }),
    } as Dockerode.DockerOptions);
  }
  const url = new URL(address);
  const secure = certificates !== null || url.protocol === "https:";
  return new Dockerode({
    ...NOTHING_FROM_THE_ENVIRONMENT,
    ...(certificates === null ? {} : readCertificates(certificates)),
    host: url.hostname,
    port: url.port === "" ? (secure ? "2376" : "2375") : url.port,
    protocol: secure ? "https" : "http",
    agent: secure ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true }),
  } as Dockerode.DockerOptions);
}

const NOTHING_FROM_THE_ENVIRONMENT = {
  host: undefined,
  port: undefined,
  socketPath: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
  timeout: undefined,
  pathPrefix: "/",
};

function readCertificates(folder: string): { ca: Buffer; cert: Buffer; key: Buffer } {
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  try {
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
  } catch (error) {
    throw environmentError(
      "NO_ENGINE",
      `Docker engine: expected ca.pem, cert.pem and key.pem in ${folder}, found: ${messageOf(error)}`,
      { hint: "set DOCKER_CERT_PATH to the folder that has them, or unset DOCKER_TLS_VERIFY", cause: error },
    );
  }
}
