import type { Plan } from "../../domain/plan.ts";
import { fingerprint } from "../fingerprint.ts";
import { takeFitting } from "../sessions/take-fitting.ts";
import type { RunningStack } from "../stack.ts";
import type { LocalStackOptions } from "./options.ts";
import { reusedStack } from "./running-stack.ts";
import { tapOf } from "./tap.ts";

/** A stack of processes that was left running in this folder and fits the plan. */
export async function attachLocal(
  { runtime, lockbench, note }: LocalStackOptions,
  plan: Plan,
  folder: string,
): Promise<RunningStack | undefined> {
  const wanted = { kind: "local", folder, plan, fingerprint: fingerprint(plan, lockbench) };
  const entry = await takeFitting(runtime, wanted, note);
  return entry === undefined ? undefined : reusedStack(runtime, entry, tapOf(entry.session));
}
