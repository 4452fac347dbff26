import { type ExitCode, exitCode, LockbenchError } from "../domain/errors.ts";
import type { Host } from "../host/host.ts";
import type { StopSignal } from "../host/signals.ts";

/**
 * Turns Ctrl-C, SIGTERM and a closed terminal into one abort signal, whose
 * reason carries the exit code. Further signals are ignored: stopping what was
 * started takes a moment, and must not be cut short.
 */
export function interruptionOf(host: Host): AbortSignal {
  const controller = new AbortController();
  host.onStopSignal((name) => {
    if (!controller.signal.aborted) controller.abort(interrupted(name));
  });
  return controller.signal;
}

const EXITS = {
  SIGINT: exitCode.interrupted,
  SIGTERM: exitCode.terminated,
  SIGHUP: exitCode.hungUp,
} as const satisfies Record<StopSignal, ExitCode>;

function interrupted(name: StopSignal): LockbenchError {
  return new LockbenchError(`interrupted by ${name}; everything that was started has been stopped`, {
    code: "INTERRUPTED",
    exit: EXITS[name],
  });
}
