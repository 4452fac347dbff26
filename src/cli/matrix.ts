import { join } from "node:path";
import { exitCode } from "../domain/errors.ts";
import { judgeCell } from "../domain/judge-cell.ts";
import type { Cell, CellPlan, Matrix } from "../domain/matrix.ts";
import type { Plan } from "../domain/plan.ts";
import type { RunRecord } from "../domain/record.ts";
import { samePlan } from "../domain/same-plan.ts";
import { inShort, matrixTable, renderMatrix } from "../reporters/matrix.ts";
import { readMatrix, type ReadMatrix } from "../scenario/read-matrix.ts";
import { resolvePlan } from "../scenario/resolve-plan.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { keptRuns } from "../store/kept-runs.ts";
import type { MatrixOptions } from "./command-options.ts";
import type { Context, Ended } from "./context.ts";
import { checksFor } from "./registry.ts";
import { runPlans } from "./run-plans.ts";
import { placesOf } from "./scenarios.ts";
import { requireTap, stackKind } from "./stack-kind.ts";

/** `lockbench matrix`: what is promised of each lock under each fault, and what stored runs say of it. */
export async function showMatrix(context: Context, file: string | undefined, options: MatrixOptions): Promise<Ended> {
  const places = placesOf(context);
  const read = await readMatrix(file ?? join(places.bundledFolder, "matrix.yaml"), places, accusers);
  if (options.run === true) await runMissing(context, read, options);
  const cells = judged(context, read, options);
  context.console.result(render(read.matrix, cells, options));
  return conclude(context, cells, options);
}

/** Only a violation of correctness breaks a promise; how fast a machine is proves nothing about a lock. */
function accusers(plan: Plan): readonly string[] {
  return checksFor(plan).flatMap(({ name, kind }) => (kind === "correctness" ? [name] : []));
}

async function runMissing(context: Context, read: ReadMatrix, options: MatrixOptions): Promise<void> {
  const plans = judged(context, read, options).flatMap((cell) => {
    const missing = Math.max(0, options.repeat - cell.seen.correct - cell.seen.violated);
    return Array.from({ length: missing }, () => resolvePlan(scenarioOf(read, cell), { lock: cell.lock }));
  });
  // Such a run would not count, and every call would run it again.
  for (const plan of plans) requireTap(stackKind(options.stack), plan, context.host.env);
  if (plans.length > 0) await runPlans(context, plans, options.stack);
}

function judged(context: Context, read: ReadMatrix, options: MatrixOptions): readonly Cell[] {
  const { runs, remarks } = keptRuns(context.resultsFolder, [...read.scenarios.keys()]);
  for (const remark of remarks) context.console.warn(remark);
  const counting = runs.filter(
    ({ record }) => options.all === true || record.environment.lockbench === context.version,
  );
  return read.matrix.cells.map((cell) => {
    const scenario = scenarioOf(read, cell);
    const own = counting.filter(({ record, plan }) => isRunOf(cell, scenario, record, plan));
    return judgeCell(
      cell,
      faultOf(read.matrix, cell),
      own.map(({ record }) => record),
    );
  });
}

/** A run with fewer buyers, or of a scenario that has been changed since, says nothing of the cell. */
function isRunOf(cell: CellPlan, scenario: Scenario, record: RunRecord, plan: Plan): boolean {
  if (plan.scenario !== cell.scenario || record.environment.lock !== cell.lock || plan.lock !== cell.lock) return false;
  return samePlan(plan, resolvePlan(scenario, { lock: cell.lock, seed: plan.seed }));
}

function scenarioOf({ scenarios }: ReadMatrix, { scenario }: CellPlan): Scenario {
  const found = scenarios.get(scenario);
  if (found === undefined) throw new Error(`the matrix was read without its scenario ${scenario}`);
  return found;
}

function faultOf({ faults }: Matrix, { scenario }: CellPlan): string {
  return faults.find(({ scenarios }) => scenarios.includes(scenario))?.fault ?? scenario;
}

function render(matrix: Matrix, cells: readonly Cell[], options: MatrixOptions): string {
  if (options.json === true) return JSON.stringify({ ...matrix, cells }, null, 2);
  return options.short === true ? matrixTable(matrix, cells) : renderMatrix(matrix, cells);
}

/** The document alone is on stdout, so that it can be written to a file. */
function conclude({ console }: Context, cells: readonly Cell[], options: MatrixOptions): Ended {
  const otherwise = cells.filter(({ standing }) => standing === "otherwise");
  const unproven = cells.filter(({ standing }) => standing === "unproven");
  for (const cell of unproven) console.warn(`${nameOf(cell)}: ${cell.why}; next: ${commandFor(cell, options)}`);
  for (const cell of otherwise) console.warn(`${nameOf(cell)}: ${cell.why}`);
  const reasonTo = "stderr";
  if (otherwise.length > 0) {
    const seen = otherwise.map((cell) => `${nameOf(cell)} (${inShort(cell).replaceAll(/[*`]/g, "")})`).join("; ");
    return { exit: exitCode.violated, reason: `seen otherwise than expected: ${seen}`, reasonTo };
  }
  if (unproven.length > 0) {
    const reason = `inconclusive: nothing proves ${unproven.map(nameOf).join(", ")}; type: lockbench matrix --run`;
    return { exit: exitCode.inconclusive, reason, reasonTo };
  }
  return { exit: exitCode.passed, reason: `all ${String(cells.length)} cells were seen as expected`, reasonTo };
}

function nameOf({ lock, scenario }: Cell): string {
  return `${lock} in ${scenario}`;
}

function commandFor({ lock, scenario }: Cell, { repeat }: MatrixOptions): string {
  return `lockbench run ${scenario} --lock ${lock} --repeat ${String(repeat)}`;
}
