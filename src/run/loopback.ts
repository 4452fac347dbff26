import { usageError } from "../domain/errors.ts";
import type { Plan } from "../domain/plan.ts";

/**
 * Refuses to send load, or even a probe, to another machine.
 * @throws LockbenchError (exit 2) naming the address, unless `allowRemote`
 */
export function requireLoopback(plan: Plan, allowRemote: boolean): void {
  if (allowRemote) return;
  for (const url of [plan.target.url, ...plan.stack.externalRedis]) {
    if (url !== null && !isLoopback(new URL(url).hostname)) {
      throw usageError(
        `target ${url}: refused, it is outside the loopback range (127.0.0.0/8, ::1, localhost)`,
        "if that machine is yours to load, say so with --allow-remote",
      );
    }
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
