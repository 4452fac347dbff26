import { environmentError } from "../domain/errors.ts";
import type { ProbeTarget } from "../probes/probe.ts";
import { listSessions, type SessionEntry } from "../stacks/sessions/folders.ts";
import { runtimeOf } from "../stacks/sessions/runtime.ts";
import type { Context } from "./context.ts";

/**
 * The stack that is up in this folder; the newest if there are several.
 * @throws LockbenchError (exit 5) when there is none
 */
export function requireSession(context: Context): SessionEntry {
  const entry = listSessions(runtimeOf(context.host), context.host.cwd)
    .filter(({ session }) => session.stays && session.ready)
    .at(-1);
  if (entry !== undefined) return entry;
  throw environmentError("NOTHING_UP", `stack: expected one that is up in ${context.host.cwd}, found none`, {
    hint: "lockbench up, or lockbench run v1_stress --keep",
  });
}

/** How probes reach a stack that is up; `run` is the run that it shows. */
export function probeTargetOf(context: Context, { session }: SessionEntry, run: string): ProbeTarget {
  const { servers, redis, variables, plan, engine } = session;
  const databases = engine === null ? null : runtimeOf(context.host).containers.databases(session);
  return { server: servers[0] ?? "", redis, variables: { ...variables, run }, databases, folder: plan.folder };
}
