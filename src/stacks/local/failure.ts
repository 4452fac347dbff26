import { environmentError, type LockbenchError } from "../../domain/errors.ts";
import type { Service } from "../sessions/session.ts";
import { logTail } from "./log-tail.ts";

export interface FailedStart {
  readonly service: Pick<Service, "name" | "command" | "log">;
  /** Such as `GET http://127.0.0.1:8080/health with status 200`. */
  readonly awaited: string;
  readonly waitedMs: number;
  /** How the process ended, or what was found instead of what was awaited. */
  readonly found: string;
  readonly died: boolean;
}

/** A service that did not become ready: what was awaited, for how long, what came, and the end of its log. */
export function failedStart(failed: FailedStart): LockbenchError {
  const { service, awaited, waitedMs, found, died } = failed;
  const event = died ? `${service.name} died while starting` : `${service.name} did not become ready`;
  const message = `${event}: ${service.command.join(" ")}; awaited ${awaited} for ${(waitedMs / 1000).toFixed(1)} s, found ${found}`;
  return environmentError(died ? "SERVICE_DIED" : "SERVICE_NOT_READY", `${message}\n${quotedTail(service.log)}`, {
    hint: died
      ? "start it by hand with the command above to see what it needs"
      : "check ready.path and ready.status of the target, or give it longer with ready.within",
  });
}

function quotedTail(log: string): string {
  const lines = logTail(log);
  return lines.length === 0
    ? "its log is empty"
    : `the end of its log:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

/** True when a service says that its port was taken in the moment between our look at it and its start. */
export function lostItsPort(service: Pick<Service, "log">): boolean {
  return logTail(service.log).some((line) => /EADDRINUSE|address already in use/i.test(line));
}
