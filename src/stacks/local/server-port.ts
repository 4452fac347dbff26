import { environmentError, type LockbenchError } from "../../domain/errors.ts";
import { portHolder } from "../../host/port-holder.ts";
import { listSessions } from "../sessions/folders.ts";
import { reservedBy, reserveFreePort, reservePortAfter, tryToReserve } from "../sessions/ports.ts";
import type { Runtime } from "../sessions/runtime.ts";

/**
 * The port of a server process: the fixed one for the first, a free one behind it for each
 * further replica; or any free one where none is fixed.
 * @throws LockbenchError (exit 5) when the fixed port is taken, naming who holds it where that can be seen
 */
export async function serverPort(
  runtime: Runtime,
  session: string,
  fixed: number | null,
  replica: number,
): Promise<number> {
  if (fixed === null) return reserveFreePort(runtime, session);
  if (replica > 0) return reservePortAfter(runtime, session, fixed);
  if (await tryToReserve(runtime, session, fixed)) return fixed;
  throw portTaken(runtime, fixed);
}

function portTaken(runtime: Runtime, port: number): LockbenchError {
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
