import type { Plan } from "../../domain/plan.ts";
import { listSessions, type SessionEntry } from "./folders.ts";
import { releaseLease, takeLease } from "./leases.ts";
import type { Runtime } from "./runtime.ts";
import type { Session } from "./session.ts";
import { statusOf } from "./status.ts";

export interface Wanted {
  readonly kind: string;
  readonly folder: string;
  readonly plan: Plan;
  readonly fingerprint: string;
  /** Ports that certain services must have, by name. */
  readonly ports?: ReadonlyMap<string, number>;
}

/**
 * Takes the first stack left running in a folder that fits the plan, is well,
 * and is not used by another run just now. Whoever gets it holds its lease.
 * @param note told of every stack of this kind that stays, whether it is used, and why not
 */
export async function takeFitting(
  runtime: Runtime,
  wanted: Wanted,
  note: (line: string) => void,
): Promise<SessionEntry | undefined> {
  const staying = listSessions(runtime, wanted.folder).filter(({ session }) => isMeant(session, wanted));
  for (const entry of staying) {
    const { scenario } = entry.session;
    const why = misfit(wanted, entry) ?? (await take(runtime, entry));
    if (why === null) {
      note(`stack: the one of ${scenario} is up, and is used`);
      return entry;
    }
    note(`stack: the one of ${scenario} is up, and is not used: ${why}`);
  }
  return undefined;
}

function isMeant(session: Session, { kind }: Wanted): boolean {
  return session.kind === kind && session.stays;
}

/** Why a stack does not serve a plan; null when it does. */
function misfit({ plan, fingerprint, ports = new Map() }: Wanted, { session }: SessionEntry): string | null {
  const { port } = plan.stack;
  if (!session.ready) return "it is not ready yet";
  if (session.inFault) return "a fault is in force there";
  if (session.fingerprint !== fingerprint) return `${plan.scenario} needs ${difference(plan, session.plan)}`;
  const taken = session.variables["port"];
  if (port !== null && taken !== port) return `port ${String(port)} is asked for, it has ${String(taken)}`;
  const other = session.services.find(({ name, port: has }) => (ports.get(name) ?? has) !== has);
  if (other === undefined) return null;
  return `port ${String(ports.get(other.name))} is asked for ${other.name}, it has ${String(other.port)}`;
}

/** What one plan needs and the other has not got, as far as it can be told in a few words. */
function difference(needs: Plan, has: Plan): string {
  const [wanted, there] = [factsOf(needs), factsOf(has)];
  const missing = wanted.filter((fact) => !there.includes(fact));
  if (missing.length === 0) return "one that is different";
  return `${missing.join(", ")} (it has ${there.filter((fact) => !wanted.includes(fact)).join(", ")})`;
}

function factsOf({ lock, stack }: Plan): readonly string[] {
  return [
    `the lock ${lock ?? "of its own"}`,
    `${String(stack.replicas)} × its server`,
    `${String(stack.redisNodes)} × Redis`,
    stack.tap ? "a wire tap" : "no wire tap",
  ];
}

/** @returns why it could not be had; null when its lease is ours */
async function take(runtime: Runtime, entry: SessionEntry): Promise<string | null> {
  if (!takeLease(runtime, entry.path)) return "another run uses it";
  // An engine that does not answer is no reason to fail: a stack of our own can still be brought up, or tells why not.
  const status = await statusOf(runtime, entry).catch(() => undefined);
  if (status?.healthy === true) return null;
  releaseLease(runtime, entry.path);
  return "it is not well, see lockbench status";
}
