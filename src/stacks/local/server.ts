import { existsSync } from "node:fs";
import { environmentError } from "../../domain/errors.ts";
import type { Plan, ReadyPlan, StartPlan } from "../../domain/plan.ts";
import { fill, type Variables } from "../../domain/template.ts";
import { type Environment, findProgram } from "../../host/programs.ts";
import { askHttp } from "../ask.ts";
import { serverName } from "../../domain/service-name.ts";
import type { SessionKeeper } from "../sessions/keeper.ts";
import type { Runtime } from "../sessions/runtime.ts";
import { awaitReady } from "./await-ready.ts";
import { lostItsPort } from "./failure.ts";
import { launch, type Launched } from "./launch.ts";
import { serverPort } from "./server-port.ts";

const TRIES = 3;

export interface ServerStart {
  readonly plan: Plan;
  readonly start: StartPlan;
  readonly variables: Variables;
  readonly replica: number;
  readonly signal: AbortSignal;
}

/** Starts one server process under test and waits until it is ready. */
export async function startServer(runtime: Runtime, keeper: SessionKeeper, wanted: ServerStart): Promise<Launched> {
  for (let tried = 1; ; tried++) {
    wanted.signal.throwIfAborted();
    const port = await serverPort(runtime, keeper.session.id, wanted.plan.stack.port, wanted.replica);
    const server = await launchOn(runtime, keeper, wanted, port);
    try {
      await untilServerAnswers(runtime, server, wanted.plan.target.ready, wanted.signal);
      return server;
    } catch (error) {
      const lost = server.ended() !== undefined && lostItsPort(server.service);
      if (!lost || tried === TRIES || isFixed(wanted)) throw error;
      keeper.drop(server.service.name);
    }
  }
}

/** Only the first server's port was asked for; its replicas take the next free ones. */
function isFixed({ plan, replica }: ServerStart): boolean {
  return plan.stack.port !== null && replica === 0;
}

function launchOn(
  runtime: Runtime,
  keeper: SessionKeeper,
  { start, variables, replica }: ServerStart,
  port: number,
): Promise<Launched> {
  if (!existsSync(start.cwd))
    throw environmentError("NO_FOLDER", `server could not be started: no such folder, ${start.cwd}`);
  const own: Variables = { ...variables, port, replica };
  return launch(runtime, keeper, {
    name: serverName(replica),
    role: "server",
    command: filledCommand(start.command, own, runtime.env),
    cwd: start.cwd,
    env: Object.fromEntries(Object.entries(start.env).map(([name, value]) => [name, fill(value, own)])),
    port,
    stopWithinMs: start.stopWithinMs,
  });
}

/** `node` means the one that runs lockbench where there is none on PATH. */
function filledCommand(command: readonly string[], variables: Variables, env: Environment): string[] {
  const [program = "", ...rest] = command.map((word) => fill(word, variables));
  const known = program === "node" && findProgram(["node"], env) === undefined ? process.execPath : program;
  return [known, ...rest];
}

/** Waits until a server answers that it is ready to sell. */
export function untilServerAnswers(
  runtime: Runtime,
  server: Launched,
  { path, status, withinMs }: ReadyPlan,
  signal: AbortSignal,
): Promise<void> {
  const url = `http://127.0.0.1:${String(server.service.port)}${path}`;
  return awaitReady(server, {
    clock: runtime.clock,
    signal,
    withinMs,
    awaited: `GET ${url} with status ${String(status)}`,
    ask: (askWithinMs) => askHttp(url, askWithinMs),
    isReady: (answer) => answer.kind === "http" && answer.status === status,
  });
}
