import type { Plan } from "../../domain/plan.ts";
import { releaseLease } from "../sessions/leases.ts";
import { takeFitting } from "../sessions/take-fitting.ts";
import type { RunningStack } from "../stack.ts";
import { blueprintOf } from "./blueprint.ts";
import { connectEngine } from "./engine/connect.ts";
import type { DockerStackOptions } from "./options.ts";
import { reusedStack } from "./running-stack.ts";
import { askedPorts } from "./settings.ts";

/** A stack of containers that was left running in this folder and fits the plan. */
export async function attachContainers(
  options: DockerStackOptions,
  plan: Plan,
  folder: string,
): Promise<RunningStack | undefined> {
  const { runtime, note } = options;
  const { env } = runtime;
  const { settings, fingerprint } = await blueprintOf(options, plan);
  const wanted = { kind: "docker", folder, plan, fingerprint, ports: askedPorts(settings) };
  const entry = await takeFitting(runtime, wanted, note);
  if (entry === undefined) return undefined;
  try {
    const connection = await connectEngine({ ...env, DOCKER_HOST: entry.session.engine ?? "" });
    return await reusedStack(runtime, connection, entry);
  } catch (error) {
    releaseLease(runtime, entry.path);
    throw error;
  }
}
