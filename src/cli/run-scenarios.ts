import type { Plan } from "../domain/plan.ts";
import type { RunRecord } from "../domain/record.ts";
import { comparisonReporter } from "../reporters/comparison.ts";
import { jsonArrayReporter, jsonReporter } from "../reporters/json.ts";
import { overall } from "../reporters/last-line.ts";
import type { Reporter } from "../reporters/reporter.ts";
import { tableReporter } from "../reporters/table.ts";
import { requireLoopback } from "../run/loopback.ts";
import type { Tools } from "../run/tools.ts";
import { resolvePlan } from "../scenario/resolve-plan.ts";
import { openStore } from "../store/store.ts";
import type { Context, Ended } from "./context.ts";
import { onceEach } from "./once-each.ts";
import { runOne } from "./run-one.ts";
import type { RunOptions } from "./run-options.ts";
import { selectScenarios } from "./scenarios.ts";
import { requireFit, stackKind } from "./stack-kind.ts";
import { createStack } from "./stack-provider.ts";
import { createTools } from "./tools.ts";

/** `lockbench run`: everything is validated before anything is started, then each run is conducted and judged. */
export async function runScenarios(context: Context, patterns: readonly string[], options: RunOptions): Promise<Ended> {
  const plans = await plansOf(context, patterns, options);
  const store = openStore(context.resultsFolder, context.host);
  for (const note of store.prepare()) context.console.note(note);
  try {
    const records = await runAll(
      context,
      plans,
      createTools(context, store, createStack(context, stackKind(options.stack))),
      options,
    );
    return conclude(context, records, options, plans.length > 1);
  } finally {
    store.close();
  }
}

async function plansOf(context: Context, patterns: readonly string[], options: RunOptions): Promise<readonly Plan[]> {
  const kind = stackKind(options.stack);
  const scenarios = await selectScenarios(context, patterns, options.tags);
  const locks = options.lock ?? [undefined];
  const plans = scenarios.flatMap((scenario) => locks.map((lock) => resolvePlan(scenario, { ...options, lock })));
  for (const plan of plans) {
    requireLoopback(plan, options.allowRemote === true);
    requireFit(kind, plan);
  }
  return plans;
}

async function runAll(
  context: Context,
  plans: readonly Plan[],
  tools: Tools,
  options: RunOptions,
): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = [];
  const remarked = onceEach((line) => context.console.remark(line));
  for (let round = 1; round <= options.repeat; round += 1) {
    for (const plan of plans) {
      const record = await runOne(context, plan, tools, options.keep === true);
      context.signal.throwIfAborted();
      records.push(record);
      report(context, record, options, round);
      for (const { text } of record.remarks) remarked(text, plan.scenario);
      if (options.untilFail === true && record.verdict !== "pass") return records;
    }
  }
  return records;
}

/** In a repetition only the runs that did not pass are worth a whole table. */
function report(context: Context, record: RunRecord, options: RunOptions, round: number): void {
  if (options.json === true) return;
  const brief = options.repeat > 1 && record.verdict === "pass";
  if (brief) context.console.note(`${String(round)}/${String(options.repeat)} ${record.scenario}: ${record.reason}`);
  else context.console.result(render(context, tableReporter, [record]));
}

function conclude(context: Context, records: readonly RunRecord[], options: RunOptions, several: boolean): Ended {
  const { exit, reason } = overall(records);
  if (options.json === true) {
    const reporter = several || options.repeat > 1 ? jsonArrayReporter : jsonReporter;
    context.console.result(render(context, reporter, records));
    return { exit, reason, reasonTo: "stderr" };
  }
  if (records.length > 1) context.console.result(render(context, comparisonReporter, records));
  return { exit, reason };
}

function render(context: Context, reporter: Reporter, records: readonly RunRecord[]): string {
  return reporter.render(records, { colour: context.console.colour, width: context.console.width });
}
