import Table from "cli-table3";
import type { Plan } from "../domain/plan.ts";
import { exitCode } from "../domain/errors.ts";
import { type Proof, proofOf } from "../domain/proof.ts";
import { listScenarios } from "../scenario/list-scenarios.ts";
import { resolvePlan } from "../scenario/resolve-plan.ts";
import { openStore } from "../store/store.ts";
import type { ProveOptions } from "./command-options.ts";
import type { Context, Ended } from "./context.ts";
import { runOne } from "./run-one.ts";
import { placesOf, selectScenarios } from "./scenarios.ts";
import { requireFit, stackKind } from "./stack-kind.ts";
import { createStack } from "./stack-provider.ts";
import { createTools } from "./tools.ts";

/** `lockbench prove`: every control must be caught by the check it names, and every sound scenario must pass. */
export async function prove(context: Context, patterns: readonly string[], options: ProveOptions): Promise<Ended> {
  const names = patterns.length > 0 ? patterns : await everything(context);
  const plans = (await selectScenarios(context, names, undefined)).map((scenario) => resolvePlan(scenario));
  const kind = stackKind(options.stack);
  for (const plan of plans) requireFit(kind, plan);
  const store = openStore(context.resultsFolder, context.host);
  for (const note of store.prepare()) context.console.note(note);
  try {
    const tools = createTools(context, store, createStack(context, kind));
    const proofs: Proof[] = [];
    for (const plan of plans) proofs.push(...(await repeat(context, plan, tools, options)));
    return report(context, plans, proofs, options);
  } finally {
    store.close();
  }
}

/** Sound scenarios first: if they do not pass, the controls prove nothing. */
async function everything(context: Context): Promise<readonly string[]> {
  const bundled = (await listScenarios(placesOf(context))).filter(({ origin }) => origin === "bundled");
  return [...bundled.filter(({ control }) => !control), ...bundled.filter(({ control }) => control)].map(
    ({ file }) => file,
  );
}

async function repeat(
  context: Context,
  plan: Plan,
  tools: ReturnType<typeof createTools>,
  options: ProveOptions,
): Promise<Proof[]> {
  const proofs: Proof[] = [];
  for (let round = 0; round < options.repeat; round += 1) {
    const record = await runOne(context, plan, tools, false);
    context.signal.throwIfAborted();
    const proof = proofOf(plan.control, record);
    proofs.push(proof);
    context.console.note(`${proof.shortcomings.length === 0 ? "ok    " : "MISSED"}  ${plan.scenario}`);
  }
  return proofs;
}

function report(context: Context, plans: readonly Plan[], proofs: readonly Proof[], options: ProveOptions): Ended {
  const missed = proofs.filter(({ shortcomings }) => shortcomings.length > 0);
  const caught = `${String(proofs.length - missed.length)} of ${String(proofs.length)} runs show what they should`;
  if (options.json === true) context.console.result(JSON.stringify(proofs, null, 2));
  else context.console.result(asTable(context, plans, proofs));
  const reasonTo = options.json === true ? "stderr" : "stdout";
  if (missed.length === 0) return { exit: exitCode.passed, reason: `proven: ${caught}`, reasonTo };
  const names = [...new Set(missed.map(({ scenario }) => scenario))].join(", ");
  return { exit: exitCode.violated, reason: `not proven: ${caught}; not so: ${names}`, reasonTo };
}

function asTable({ console }: Context, plans: readonly Plan[], proofs: readonly Proof[]): string {
  const table = new Table({
    head: ["scenario", "flaw", "must be caught by", "caught"],
    style: { head: [], border: [] },
    colWidths: columns(console.width),
    wordWrap: true,
  });
  for (const plan of plans) {
    const runs = proofs.filter(({ scenario }) => scenario === plan.scenario);
    const good = runs.filter(({ shortcomings }) => shortcomings.length === 0).length;
    const word = `${String(good)} of ${String(runs.length)}`;
    const control = plan.control;
    const expectation = control === null ? "nothing: must pass" : `${control.check}: ${control.verdict}`;
    const paint = good === runs.length ? console.chalk.green : console.chalk.red;
    table.push([plan.scenario, control?.flaw ?? "none, a sound shop", expectation, paint(word)]);
  }
  const why = proofs.flatMap(({ scenario, record, shortcomings, remarks }) =>
    [...shortcomings, ...remarks].map((line) => `${scenario} (run ${record.id}): ${line}`),
  );
  return [table.toString(), ...why].join("\n");
}

const CAUGHT_COLUMNS = 11;
const BORDERS = 5;

/** Two fifths for the flaw, which is a sentence. */
function columns(width: number): number[] {
  const rest = width - CAUGHT_COLUMNS - BORDERS;
  const flaw = Math.floor(rest * 0.4);
  const name = Math.floor(rest * 0.33);
  return [name, flaw, rest - name - flaw, CAUGHT_COLUMNS];
}
