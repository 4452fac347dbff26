import type { Plan } from "../../domain/plan.ts";
import { listSessions, type SessionEntry } from "./folders.ts";
import { releaseLease, takeLease } from "./leases.ts";
import type { Runtime } from "./runtime.ts";
import { statusOf } from "./status.ts";

export interface Wanted {
  readonly kind: string;
  readonly folder: string;
  readonly plan: Plan;
  readonly fingerprint: string;
}

/**
 * Takes the first stack left running in a folder that fits the plan, is well,
 * and is not used by another run just now. Whoever gets it holds its lease.
 */
export async function takeFitting(runtime: Runtime, wanted: Wanted): Promise<SessionEntry | undefined> {
  for (const entry of listSessions(runtime, wanted.folder)) {
    if (!fits(wanted, entry) || !takeLease(runtime, entry.path)) continue;
    // An engine that does not answer is no reason to fail: a stack of our own can still be brought up, or tells why not.
    const status = await statusOf(runtime, entry).catch(() => undefined);
    if (status?.healthy === true) return entry;
    releaseLease(runtime, entry.path);
  }
  return undefined;
}

function fits({ kind, plan, fingerprint }: Wanted, { session }: SessionEntry): boolean {
  const { port } = plan.stack;
  return (
    session.kind === kind &&
    session.stays &&
    session.ready &&
    session.fingerprint === fingerprint &&
    (port === null || session.variables["port"] === port)
  );
}
