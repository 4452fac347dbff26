import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { environmentError, messageOf } from "../../domain/errors.ts";
import type { Environment } from "../../host/programs.ts";
import type { ProcessIdentity } from "../../host/processes.ts";
import { logFolder } from "../sessions/folders.ts";
import type { SessionKeeper } from "../sessions/keeper.ts";
import type { Runtime } from "../sessions/runtime.ts";
import { type Service, SESSION_VARIABLE } from "../sessions/session.ts";

export interface LaunchOrder {
  readonly name: string;
  readonly role: Service["role"];
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly stopWithinMs: number;
}

/** A process of ours, followed from its start. */
export interface Launched {
  readonly service: Service;
  /** How it ended, such as `exit code 1` or `SIGSEGV`; undefined while it runs. */
  readonly ended: () => string | undefined;
}

/**
 * Starts a process in a group of its own, with its output in a log file, and
 * leaves a trail before and after, so that a SIGKILL between any two steps
 * hides nothing from the next command.
 * @throws LockbenchError (exit 5) when the program cannot be started
 */
export async function launch(runtime: Runtime, keeper: SessionKeeper, order: LaunchOrder): Promise<Launched> {
  const { name, role, command, cwd, env, port, stopWithinMs } = order;
  const log = join(logFolder(keeper.path), `${name}.log`);
  const startedAt = runtime.clock.date().toISOString();
  const started = { process: null, container: null, startedAt };
  const planned: Service = { name, role, ...started, port, log, command, cwd, env, stopWithinMs };
  keeper.put(planned);
  const child = spawn(runtime, keeper.session.id, order, log);
  if (child.pid === undefined) throw await couldNotStart(child.result, order);
  const service: Service = { ...planned, process: identityOf(runtime, child.pid) };
  keeper.put(service);
  let end: string | undefined;
  void child.result.then((result) => {
    end = wordsForEnd(result);
  });
  return { service, ended: () => end };
}

interface Child {
  readonly pid: number | undefined;
  readonly result: Promise<End>;
}

/** The part of execa's result that tells how a process ended. */
interface End {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly originalMessage?: string | undefined;
  readonly cause?: unknown;
}

function spawn(runtime: Runtime, session: string, order: LaunchOrder, log: string): Child {
  const [file = "", ...args] = order.command;
  const output = openSync(log, "a", 0o600);
  // execa hands any descriptor on to the child, while its types list only a few.
  const toLog = output as 3;
  try {
    const child = execa(file, args, {
      cwd: order.cwd,
      env: { ...definedOnly(runtime.env), ...order.env, [SESSION_VARIABLE]: session },
      extendEnv: false,
      stdin: "ignore",
      stdout: toLog,
      stderr: toLog,
      detached: true,
      cleanup: false,
      buffer: false,
      reject: false,
    });
    // What keeps this process alive is waiting for readiness, or the run itself, never the mere existence of a child.
    child.unref();
    return { pid: child.pid, result: child };
  } finally {
    closeSync(output);
  }
}

function definedOnly(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** null when it has died already: then there is nothing to stop. */
function identityOf(runtime: Runtime, pid: number): ProcessIdentity | null {
  const startTime = runtime.processes.startTime(pid);
  return startTime === undefined ? null : { pid, startTime };
}

async function couldNotStart(result: Promise<End>, order: LaunchOrder): Promise<Error> {
  const { originalMessage, cause } = await result;
  const why =
    cause instanceof Error && "code" in cause && cause.code === "ENOENT"
      ? "no such program"
      : (originalMessage ?? messageOf(cause));
  return environmentError(
    "COMMAND_NOT_FOUND",
    `${order.name} could not be started: ${order.command.join(" ")} in ${order.cwd}, ${why}`,
    {
      hint: "check the start command of the target, and that its program is on PATH",
      cause,
    },
  );
}

function wordsForEnd(result: End): string {
  if (result.signal !== undefined) return `killed by ${result.signal}`;
  return result.exitCode === undefined ? messageOf(result.cause) : `exit code ${String(result.exitCode)}`;
}
