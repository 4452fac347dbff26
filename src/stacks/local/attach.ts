import type { Plan } from "../../domain/plan.ts";
import { listSessions, type SessionEntry } from "../sessions/folders.ts";
import { releaseLease, takeLease } from "../sessions/leases.ts";
import { statusOf } from "../sessions/status.ts";
import type { RunningStack } from "../stack.ts";
import { fingerprint } from "../fingerprint.ts";
import type { LocalStackOptions } from "./options.ts";
import { reusedStack } from "./running-stack.ts";

/** The first stack left running in this folder that fits the plan, is well, and is not used by another run just now. */
export async function attachLocal(
  options: LocalStackOptions,
  plan: Plan,
  folder: string,
): Promise<RunningStack | undefined> {
  const { runtime } = options;
  for (const entry of listSessions(runtime, folder)) {
    if (!fits(options, plan, entry) || !takeLease(runtime, entry.path)) continue;
    if ((await statusOf(runtime, entry)).healthy) return reusedStack(runtime, entry.path, entry.session);
    releaseLease(runtime, entry.path);
  }
  return undefined;
}

function fits({ lockbench }: LocalStackOptions, plan: Plan, { session }: SessionEntry): boolean {
  const { port } = plan.stack;
  return (
    session.kind === "local" &&
    session.stays &&
    session.ready &&
    session.fingerprint === fingerprint(plan, lockbench) &&
    (port === null || session.variables["port"] === port)
  );
}
