import type { Plan } from "../domain/plan.ts";
import { runName } from "../reporters/run-name.ts";
import { requireLoopback } from "../run/loopback.ts";
import { openStore } from "../store/store.ts";
import type { Context } from "./context.ts";
import { onceEach } from "./once-each.ts";
import { runOne } from "./run-one.ts";
import { requireFit, stackKind } from "./stack-kind.ts";
import { createStack } from "./stack-provider.ts";
import { createTools } from "./tools.ts";

/**
 * Runs one plan after the other and keeps what comes of them; a note tells of each.
 * @param stack the kind of stack that was asked for
 * @throws LockbenchError before anything is started: exit 2 for a shop elsewhere, or one that this stack cannot bring up
 */
export async function runPlans(context: Context, plans: readonly Plan[], stack: string): Promise<void> {
  const kind = stackKind(stack);
  for (const plan of plans) {
    requireLoopback(plan, false);
    requireFit(kind, plan);
  }
  const store = openStore(context.resultsFolder, context.host);
  for (const note of store.prepare()) context.console.note(note);
  try {
    const remarked = onceEach((line) => context.console.remark(line));
    const tools = createTools(context, store, createStack(context, kind));
    for (const [place, plan] of plans.entries()) {
      const record = await runOne(context, plan, tools, false);
      context.signal.throwIfAborted();
      context.console.note(`${String(place + 1)}/${String(plans.length)} ${runName(record)}: ${record.reason}`);
      for (const { text } of record.remarks) remarked(text, plan.scenario);
    }
  } finally {
    store.close();
  }
}
