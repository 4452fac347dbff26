import type { PurchaseRow } from "../domain/purchases.ts";
import { jsonReporter } from "../reporters/json.ts";
import { overall } from "../reporters/last-line.ts";
import { tableReporter } from "../reporters/table.ts";
import { rejudge, type Remains } from "../run/rejudge.ts";
import { Witnesses } from "../run/witnesses.ts";
import { listSessions, type SessionEntry } from "../stacks/sessions/folders.ts";
import { lastRun } from "../stacks/sessions/manage.ts";
import { runtimeOf } from "../stacks/sessions/runtime.ts";
import { statusOf } from "../stacks/sessions/status.ts";
import { evidenceFinding } from "../store/evidence-finding.ts";
import { type LoadedRun, loadRun } from "../store/load-run.ts";
import type { VerifyOptions } from "./command-options.ts";
import type { Context, Ended } from "./context.ts";
import { checksFor, purchaseProbeFor, stockProbesFor } from "./registry.ts";
import { probeTargetOf } from "./sessions.ts";

/** `lockbench verify`: the same checks on the live stack if it still shows that run, else on the evidence. */
export async function verify(context: Context, which: string | undefined, options: VerifyOptions): Promise<Ended> {
  const loaded = loadRun(context.resultsFolder, which);
  const live = await stackShowing(context, loaded.record.id);
  context.console.note(
    live === undefined ? `judging from the evidence in ${loaded.folder}` : "judging from the stack, which is still up",
  );
  const remains = live === undefined ? loaded : { ...loaded, ...(await readLive(context, live, loaded)) };
  const record = rejudge(remains, checksFor(loaded.plan), [evidenceFinding(loaded)]);
  const { console } = context;
  for (const { text } of record.remarks) console.remark(text);
  const reporter = options.json === true ? jsonReporter : tableReporter;
  console.result(reporter.render([record], { colour: console.colour, width: console.width }));
  const { exit, reason } = overall([record]);
  return { exit, reason, reasonTo: options.json === true ? "stderr" : "stdout" };
}

/** A stack that is up, is well, and has not been used for another run since. */
async function stackShowing(context: Context, run: string): Promise<SessionEntry | undefined> {
  const runtime = runtimeOf(context.host);
  for (const entry of listSessions(runtime)) {
    const shows = entry.session.stays && lastRun(runtime, entry.session.id) === run;
    if (shows && (await statusOf(runtime, entry)).healthy) return entry;
  }
  return undefined;
}

async function readLive(
  context: Context,
  entry: SessionEntry,
  { plan, record }: LoadedRun,
): Promise<Pick<Remains, "purchases" | "stock">> {
  const target = probeTargetOf(context, entry, record.id);
  const witnesses = new Witnesses(plan, stockProbesFor(plan, target), purchaseProbeFor(plan, target));
  try {
    const { stock } = await witnesses.snapshot();
    const rows: PurchaseRow[] = [];
    for await (const row of witnesses.rows()) rows.push(row);
    return { stock, purchases: witnesses.readsPurchases ? rows : null };
  } finally {
    await witnesses.close();
  }
}
