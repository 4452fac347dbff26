import type { Plan } from "../domain/plan.ts";
import type { Mistakes } from "../host/yaml/mistakes.ts";
import { didYouMean } from "../host/suggest.ts";
import { resolvePlan } from "./resolve-plan.ts";
import type { Scenario } from "./scenario.ts";
import type { MatrixSpec } from "./schema/matrix.ts";

/** The names of the checks that a run of this plan can violate. */
export type ChecksOf = (plan: Plan) => readonly string[];

/** What the matrix says and its scenarios cannot do: a check that would never fail there is a typing mistake. */
export function findCellMistakes(
  { locks = [], faults = [], cells = [] }: Partial<MatrixSpec>,
  scenarios: ReadonlyMap<string, Scenario>,
  checksOf: ChecksOf,
  mistakes: Mistakes,
): void {
  for (const [column, fault] of faults.entries()) {
    for (const [place, name] of fault.scenarios.entries()) {
      if (scenarios.has(name)) continue;
      mistakes.expected(["faults", column, "scenarios", place], "the name of a scenario", `"${name}"`);
    }
  }
  for (const [place, cell] of cells.entries()) {
    const scenario = scenarios.get(cell.scenario);
    // Whatever is no row or column has been complained of already.
    if (scenario === undefined || locks.every(({ lock }) => lock !== cell.lock)) continue;
    if (hasLock(scenario, cell.lock, place, mistakes)) findUnknownChecks(cell, scenario, place, checksOf, mistakes);
  }
}

function hasLock({ name, target: { locks } }: Scenario, lock: string, place: number, mistakes: Mistakes): boolean {
  if (locks.includes(lock)) return true;
  const choices = locks.length === 0 ? `a lock that ${name} has, and it has none` : `one of ${locks.join(", ")}`;
  mistakes.expected(["cells", place, "lock"], choices, `"${lock}"${didYouMean(lock, locks)}`);
  return false;
}

function findUnknownChecks(
  cell: MatrixSpec["cells"][number],
  scenario: Scenario,
  place: number,
  checksOf: ChecksOf,
  mistakes: Mistakes,
): void {
  const known = checksOf(resolvePlan(scenario, { lock: cell.lock }));
  for (const key of ["checks", "may_fail"] as const) {
    for (const [which, name] of cell[key].entries()) {
      if (known.includes(name)) continue;
      const found = `"${name}"${didYouMean(name, known)}`;
      mistakes.expected(["cells", place, key, which], `one of ${known.join(", ")}`, found);
    }
  }
}
