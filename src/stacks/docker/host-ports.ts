import { environmentError, usageError } from "../../domain/errors.ts";
import type { Environment } from "../../host/programs.ts";
import { portTaken, SERVER_PORT_SETTING } from "../port-taken.ts";
import { reservedBy, tryToReserve } from "../sessions/ports.ts";
import type { Runtime } from "../sessions/runtime.ts";
import type { ComposeProject, ComposeService } from "./compose/project.ts";
import { SERVER } from "./inside.ts";

const LAST_PORT = 65_535;

interface Wish {
  readonly first: number;
  /** How many in a row. */
  readonly count: number;
  /** By which setting the user named it: then no other one will do. */
  readonly askedBy: string | null;
}

/** Which ports the user asks for. */
export interface Wishes {
  /** With `LOCKBENCH_REDIS_PORT` and its like. */
  readonly settings: Environment;
  readonly serverPort: number | null;
}

/**
 * Gives every published port of a project a port of this machine that is free,
 * the one of the file if possible: two stacks can be up at once.
 * @throws LockbenchError (exit 5) when a port that was asked for is taken, naming who holds it
 */
export async function withHostPorts(
  runtime: Runtime,
  session: string,
  project: ComposeProject,
  { settings, serverPort }: Wishes,
): Promise<ComposeProject> {
  const services: ComposeService[] = [];
  for (const service of project.services) {
    const ports = [];
    for (const port of service.ports) {
      const wish = wishFor(service, port.hostPorts?.[0] ?? null, serverPort, settings);
      const first = wish === undefined ? null : await reserve(runtime, session, wish);
      ports.push({ ...port, hostPorts: first === null ? null : ([first, first + service.scale - 1] as const) });
    }
    services.push({ ...service, ports });
  }
  return { ...project, services };
}

function wishFor(
  { name, scale }: ComposeService,
  inFile: number | null,
  serverPort: number | null,
  env: Environment,
): Wish | undefined {
  if (name === SERVER && serverPort !== null) {
    return { first: serverPort, count: scale, askedBy: SERVER_PORT_SETTING };
  }
  if (inFile === null) return undefined;
  const variable = `LOCKBENCH_${name.toUpperCase()}_PORT`;
  return { first: inFile, count: scale, askedBy: (env[variable] ?? "") === "" ? null : variable };
}

async function reserve(runtime: Runtime, session: string, { first, count, askedBy }: Wish): Promise<number> {
  for (let start = first; start + count - 1 <= LAST_PORT; start += 1) {
    const taken = await firstTaken(runtime, session, start, count);
    if (taken === undefined) return start;
    if (askedBy !== null) {
      throw reservedBy(runtime, taken) === session ? askedForTwice(taken) : portTaken(runtime, taken, askedBy);
    }
    start = taken;
  }
  throw environmentError("NO_FREE_PORT", `no free port found: none above ${String(first)}`);
}

function askedForTwice(port: number): Error {
  return usageError(
    `port ${String(port)} is asked for twice by this command: expected a port of its own for each service and replica`,
    "look at LOCKBENCH_APP_PORT, LOCKBENCH_REDIS_PORT, LOCKBENCH_REDIS1_PORT … and at --port, and choose others",
  );
}

async function firstTaken(
  runtime: Runtime,
  session: string,
  start: number,
  count: number,
): Promise<number | undefined> {
  for (let port = start; port < start + count; port += 1)
    if (!(await tryToReserve(runtime, session, port))) return port;
  return undefined;
}
