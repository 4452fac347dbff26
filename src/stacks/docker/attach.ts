import type { Plan } from "../../domain/plan.ts";
import { listSessions, type SessionEntry } from "../sessions/folders.ts";
import { releaseLease, takeLease } from "../sessions/leases.ts";
import { statusOf } from "../sessions/status.ts";
import type { RunningStack } from "../stack.ts";
import { connectEngine } from "./engine/connect.ts";
import { fingerprintInside } from "./fingerprint-inside.ts";
import type { DockerStackOptions } from "./options.ts";
import { reusedStack } from "./running-stack.ts";

/** The first stack left running in this folder that fits the plan, is well, and is not used by another run just now. */
export async function attachContainers(
  options: DockerStackOptions,
  plan: Plan,
  folder: string,
): Promise<RunningStack | undefined> {
  const { runtime } = options;
  for (const entry of listSessions(runtime, folder)) {
    if (!fits(options, plan, entry) || !takeLease(runtime, entry.path)) continue;
    const status = await statusOf(runtime, entry).catch(() => undefined);
    if (status?.healthy === true) {
      const connection = await connectEngine({ ...runtime.env, DOCKER_HOST: entry.session.engine ?? "" });
      return reusedStack(runtime, connection, entry.path, entry.session);
    }
    releaseLease(runtime, entry.path);
  }
  return undefined;
}

function fits(options: DockerStackOptions, plan: Plan, { session }: SessionEntry): boolean {
  const { port } = plan.stack;
  return (
    session.kind === "docker" &&
    session.stays &&
    session.ready &&
    session.fingerprint === fingerprintInside(plan, options) &&
    (port === null || session.variables["port"] === port)
  );
}
