import { environmentError, type LockbenchError } from "../domain/errors.ts";
import type { ProbeTarget } from "../probes/probe.ts";
import { listSessions, type SessionEntry } from "../stacks/sessions/folders.ts";
import { runtimeOf } from "../stacks/sessions/runtime.ts";
import type { Context } from "./context.ts";

/**
 * The stack that is up in this folder; the newest if there are several, which is then said.
 * @param of the scenario whose stack it must be; undefined for any
 * @throws LockbenchError (exit 5) when there is none
 */
export function requireSession(context: Context, of: string | undefined): SessionEntry {
  const { host, console } = context;
  const up = listSessions(runtimeOf(host), host.cwd).filter(({ session }) => session.stays && session.ready);
  const meant = up.filter(({ session }) => of === undefined || session.scenario === of);
  const entry = meant.at(-1);
  if (entry === undefined) throw notUp(host.cwd, of, up);
  if (meant.length > 1)
    console.note(`${String(meant.length)} stacks are up here: this is the newest, ${nameOf(entry)}`);
  return entry;
}

function notUp(folder: string, of: string | undefined, up: readonly SessionEntry[]): LockbenchError {
  const wanted = of === undefined ? "one" : `one of ${of}`;
  const found = up.length === 0 ? "none" : up.map(nameOf).join(", ");
  return environmentError("NOTHING_UP", `stack: expected ${wanted} that is up in ${folder}, found ${found}`, {
    hint: `lockbench up${of === undefined ? "" : ` ${of}`}, or lockbench run ${of ?? "v1_stress"} --keep`,
  });
}

function nameOf({ session }: SessionEntry): string {
  return `${session.scenario} at ${session.servers[0] ?? "no address"}`;
}

/** How probes reach a stack that is up; `run` is the run that it shows. */
export function probeTargetOf(context: Context, { session }: SessionEntry, run: string): ProbeTarget {
  const { servers, redis, variables, plan, engine } = session;
  const databases = engine === null ? null : runtimeOf(context.host).containers.databases(session);
  return { server: servers[0] ?? "", redis, variables: { ...variables, run }, databases, folder: plan.folder };
}
