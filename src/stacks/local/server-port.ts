import { portTaken, SERVER_PORT_SETTING } from "../port-taken.ts";
import { reserveFreePort, reservePortAfter, tryToReserve } from "../sessions/ports.ts";
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
  throw portTaken(runtime, fixed, SERVER_PORT_SETTING);
}
