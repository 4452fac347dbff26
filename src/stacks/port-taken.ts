import { environmentError, type LockbenchError } from "../domain/errors.ts";
import { portHolder } from "../host/port-holder.ts";
import { listSessions } from "./sessions/folders.ts";
import { reservedBy } from "./sessions/ports.ts";
import type { Runtime } from "./sessions/runtime.ts";

/** Where a user says which port the first server has. */
export const SERVER_PORT_SETTING = "--port, or stack.port in the scenario";

/**
 * Says who holds a port that was asked for, as far as that can be seen.
 * @param setting where it was asked for, such as `--port`
 */
export function portTaken(runtime: Runtime, port: number, setting: string): LockbenchError {
  const session = listSessions(runtime).find((entry) => entry.session.id === reservedBy(runtime, port))?.session;
  const holder =
    session === undefined ? processOn(runtime, port) : `the lockbench stack of ${session.folder} (${session.scenario})`;
  return environmentError("PORT_TAKEN", `port taken: ${String(port)} on 127.0.0.1 is held by ${holder}`, {
    hint:
      session?.stays === true
        ? `type \`lockbench down\` in ${session.folder}, or choose another port (${setting})`
        : `stop it, or choose another port (${setting}), or none to get a free one`,
  });
}

function processOn(runtime: Runtime, port: number): string {
  const holder = portHolder(port, runtime.processes);
  return holder === undefined
    ? "a process that cannot be seen from here"
    : `${holder.commandLine} (pid ${String(holder.pid)})`;
}
