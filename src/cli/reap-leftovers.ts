import { reap } from "../stacks/sessions/reap.ts";
import { runtimeOf } from "../stacks/sessions/runtime.ts";
import type { Context } from "./context.ts";

/** Removes what a killed lockbench has left behind, before any command does its own work. */
export async function reapLeftovers(context: Context): Promise<void> {
  for (const line of await reap(runtimeOf(context.host))) context.console.note(line);
}
