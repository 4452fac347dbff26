import type Dockerode from "dockerode";
import { environmentError, type LockbenchError } from "../../../domain/errors.ts";
import type { EngineConnection } from "./connect.ts";
import { tailOf } from "./logs.ts";
import { quoteTail } from "./quote-tail.ts";

const LOG_LINES = 15;
const CHECK_LINES = 5;
const SIGKILL_EXIT = 137;
const MIB = 1024 * 1024;

export interface Awaited {
  /** Name of the service in the Compose file. */
  readonly service: string;
  /** `file:line:column` of the service. */
  readonly at: string;
  /** Such as `its health check to pass`; null when it was ready already, and only the others were not. */
  readonly what: string | null;
  readonly waitedMs: number;
}

type Facts = Dockerode.ContainerInspectInfo;

/** A container that ended before it was ready: exit code, the last health check, the end of its log. */
export async function diedWhileStarting(
  connection: EngineConnection,
  awaited: Awaited,
  facts: Facts,
): Promise<LockbenchError> {
  const { service, at, what } = awaited;
  // Without a health check nobody knows that it was ready.
  const wasReady = what === null && facts.State.Health !== undefined;
  const event = wasReady ? `${service} died after it was ready` : `${service} died while starting`;
  const found = `exit code ${String(facts.State.ExitCode)}${whyKilled(facts)}`;
  return environmentError("SERVICE_DIED", await describe(connection, event, awaited, found, facts), {
    hint: `look at command, environment and image of ${service} in ${at}`,
  });
}

/** A container whose health check has failed as often as it may. */
export async function becameUnhealthy(
  connection: EngineConnection,
  awaited: Awaited,
  facts: Facts,
): Promise<LockbenchError> {
  const { service, at } = awaited;
  const found = `it failed ${String(facts.State.Health?.FailingStreak ?? 0)} times in a row`;
  const event = `${service} is unhealthy`;
  return environmentError("SERVICE_UNHEALTHY", await describe(connection, event, awaited, found, facts), {
    hint: `look at the healthcheck of ${service} in ${at}: is it right, and has it enough start_period and retries?`,
  });
}

async function describe(
  connection: EngineConnection,
  event: string,
  { what, waitedMs }: Awaited,
  found: string,
  facts: Facts,
): Promise<string> {
  const tail = await tailOf(connection, facts.Id, LOG_LINES).catch(() => []);
  const lines = [
    what === null
      ? `${event}: expected it to run on, found ${found}`
      : `${event}: awaited ${what} for ${(waitedMs / 1000).toFixed(1)} s, found ${found}`,
    ...lastCheck(facts),
    quoteTail(tail),
  ];
  return lines.join("\n");
}

function lastCheck({ State, Config }: Facts): string[] {
  const last = State.Health?.Log.at(-1);
  if (last === undefined || last.ExitCode === 0) return [];
  const test = (Config.Healthcheck?.Test ?? []).slice(1).join(" ");
  const said = last.Output.trim().split("\n").slice(-CHECK_LINES);
  return [
    quoteTail(
      said,
      `its health check (${test}) ended with exit code ${String(last.ExitCode)} and said`,
      `its health check (${test}) ended with exit code ${String(last.ExitCode)} and said nothing`,
    ),
  ];
}

/** Something that the kernel or a person killed has no words of its own. */
function whyKilled({ State, HostConfig }: Facts): string {
  const limit = HostConfig.Memory ?? 0;
  if (State.OOMKilled) {
    const memory = limit === 0 ? "the machine's memory" : `its limit of ${String(Math.round(limit / MIB))} MiB`;
    return ` (killed by the kernel: it wanted more than ${memory})`;
  }
  if (State.ExitCode === SIGKILL_EXIT) return " (killed by SIGKILL)";
  return State.Error === "" ? "" : ` (${State.Error})`;
}
