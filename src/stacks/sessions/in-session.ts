import { messageOf } from "../../domain/errors.ts";
import type { Plan } from "../../domain/plan.ts";
import type { UpOptions } from "../stack.ts";
import { createSession } from "./folders.ts";
import { SessionKeeper } from "./keeper.ts";
import { removeSession } from "./remove.ts";
import type { Runtime } from "./runtime.ts";

export interface SessionOrder {
  readonly kind: string;
  readonly plan: Plan;
  readonly up: UpOptions;
  readonly fingerprint: string;
  /** Address of the engine that runs its containers, if any. */
  readonly engine: string | null;
}

/** Begins a session and starts its stack; when any of that fails, all of it is stopped again. */
export async function inNewSession<Stack>(
  runtime: Runtime,
  order: SessionOrder,
  start: (keeper: SessionKeeper) => Promise<Stack>,
): Promise<Stack> {
  const keeper = new SessionKeeper(createSession(runtime, draftOf(order)));
  try {
    return await start(keeper);
  } catch (error) {
    await removeSession(runtime, keeper.session.id, keeper.path, keeper.session).catch((second: unknown) => {
      order.up.progress(`could not clean up: ${messageOf(second)}`);
    });
    throw error;
  }
}

function draftOf({ kind, plan, up, fingerprint, engine }: SessionOrder): Parameters<typeof createSession>[1] {
  return {
    kind,
    scenario: plan.scenario,
    plan,
    folder: up.folder,
    stays: up.stays,
    ready: false,
    fingerprint,
    readyPath: plan.target.ready.path,
    readyStatus: plan.target.ready.status,
    services: [],
    servers: [],
    redis: [],
    variables: {},
    engine,
    inFault: false,
  };
}
