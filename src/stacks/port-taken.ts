import { environmentError, type LockbenchError } from "../domain/errors.ts";
import { portHolder } from "../host/port-holder.ts";
import { listSessions } from "./sessions/folders.ts";
import { reservedBy } from "./sessions/ports.ts";
import type { Runtime } from "./sessions/runtime.ts";

/** Says who holds a port that was asked for, as far as that can be seen. */
export function portTaken(runtime: Runtime, port: number): LockbenchError {
  const session = listSessions(runtime).find((entry) => entry.session.id === reservedBy(runtime, port))?.session;
  const holder =
    session === undefined ? processOn(runtime, port) : `the lockbench stack of ${session.folder} (${session.scenario})`;
  return environmentError("PORT_TAKEN", `port taken: ${String(port)} on 127.0.0.1 is held by ${holder}`, {
    hint:
      session?.stays === true
        ? `type \`lockbench down\` in ${session.folder}, or choose another port`
        : "stop it, or choose another port, or none to get a free one",
  });
}

function processOn(runtime: Runtime, port: number): string {
  const holder = portHolder(port, runtime.processes);
  return holder === undefined
    ? "a process that cannot be seen from here"
    : `${holder.commandLine} (pid ${String(holder.pid)})`;
}
