import { isAlive } from "../../host/processes.ts";
import { releaseLease } from "../sessions/leases.ts";
import { removeSession } from "../sessions/remove.ts";
import type { Runtime } from "../sessions/runtime.ts";
import type { Service, Session } from "../sessions/session.ts";
import type { RunningStack } from "../stack.ts";
import { fullDisk } from "./full-disk.ts";
import type { Launched } from "./launch.ts";
import { logTail } from "./log-tail.ts";

/** How much of a log fits on the line of a casualty. */
const TAIL_LINES = 3;

/** A stack that this process has started. */
export function runningStack(
  runtime: Runtime,
  path: string,
  session: Session,
  launched: readonly Launched[],
): RunningStack {
  let going: Promise<unknown> | undefined;
  return {
    ...facts(session, false),
    databases: null,
    casualties() {
      if (going !== undefined) return Promise.resolve([]);
      const dead = launched.flatMap(({ service, ended }) =>
        ended() === undefined ? [] : [obituary(service, ended() ?? "")],
      );
      return Promise.resolve([...dead, ...fullDisk(path)]);
    },
    async down() {
      going ??= removeSession(runtime, session.id, path, session);
      await going;
    },
  };
}

/** A stack that an earlier command has started: it stays, and how a process of it ended cannot be known. */
export function reusedStack(runtime: Runtime, path: string, session: Session): RunningStack {
  return {
    ...facts(session, true),
    databases: null,
    casualties() {
      const dead = session.services.filter(({ process }) => process === null || !isAlive(runtime.processes, process));
      const unknown = "how is not known, another command had started it";
      return Promise.resolve([...dead.map((service) => obituary(service, unknown)), ...fullDisk(path)]);
    },
    down() {
      releaseLease(runtime, path);
      return Promise.resolve();
    },
  };
}

function facts(
  session: Session,
  reused: boolean,
): Pick<RunningStack, "id" | "kind" | "reused" | "servers" | "redis" | "variables"> {
  const { id, kind, servers, redis, variables } = session;
  return { id, kind, reused, servers, redis, variables };
}

function obituary(service: Service, end: string): string {
  const tail = logTail(service.log, TAIL_LINES);
  const log = tail.length === 0 ? "its log is empty" : `its log ends: ${tail.map((line) => line.trim()).join(" | ")}`;
  return `${service.name} died: ${end}; ${log}`;
}
