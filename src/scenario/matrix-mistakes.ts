import type { Mistakes } from "../host/yaml/mistakes.ts";
import type { Path } from "../host/yaml/path.ts";
import { didYouMean } from "../host/suggest.ts";
import type { MatrixSpec } from "./schema/matrix.ts";

/** What is wrong between sections that are sound in themselves; what is broken or absent is undefined. */
export function findMatrixMistakes(read: Partial<MatrixSpec>, mistakes: Mistakes): void {
  const locks = read.locks?.map(({ lock }) => lock);
  const columns = read.faults?.map(({ scenarios }) => scenarios);
  findRepeated(locks ?? [], (place) => ["locks", place, "lock"], mistakes);
  for (const [column, scenarios] of (columns ?? []).entries()) {
    const earlier = columns?.slice(0, column).flat() ?? [];
    findRepeated(scenarios, (place) => ["faults", column, "scenarios", place], mistakes, earlier);
  }
  for (const [place, cell] of (read.cells ?? []).entries()) {
    need(cell.lock, locks, ["cells", place, "lock"], mistakes);
    need(cell.scenario, columns?.flat(), ["cells", place, "scenario"], mistakes);
    findExpectationMistakes(cell, place, mistakes);
  }
  findSharedPlaces(read.cells ?? [], columns ?? [], mistakes);
}

function findRepeated(
  names: readonly string[],
  pathOf: (place: number) => Path,
  mistakes: Mistakes,
  earlier: readonly string[] = [],
): void {
  for (const [place, name] of names.entries()) {
    if (![...earlier, ...names.slice(0, place)].includes(name)) continue;
    mistakes.expected(pathOf(place), "each name once", `"${name}" again`);
  }
}

function need(name: string, known: readonly string[] | undefined, path: Path, mistakes: Mistakes): void {
  if (known === undefined || known.includes(name)) return;
  mistakes.expected(path, `one of ${known.join(", ")}`, `"${name}"${didYouMean(name, known)}`);
}

/** A failure without a name could be any; a sound lock has none. */
function findExpectationMistakes(cell: MatrixSpec["cells"][number], place: number, mistakes: Mistakes): void {
  if (cell.expected === "fail" && cell.checks.length === 0) {
    mistakes.expected(["cells", place, "checks"], "the checks that must fail", "none");
  }
  for (const key of ["checks", "may_fail"] as const) {
    if (cell.expected === "pass" && cell[key].length > 0) {
      mistakes.expected(["cells", place, key], "none where the lock is expected to pass", cell[key].join(", "));
    }
  }
}

/** A table has room for one cell where a row and a column meet. */
function findSharedPlaces(
  cells: MatrixSpec["cells"],
  columns: readonly (readonly string[])[],
  mistakes: Mistakes,
): void {
  const taken = new Set<string>();
  for (const [place, { lock, scenario }] of cells.entries()) {
    const column = columns.findIndex((scenarios) => scenarios.includes(scenario));
    const spot = `${String(column)} ${lock}`;
    if (column >= 0 && taken.has(spot)) {
      mistakes.expected(["cells", place], "one cell for each lock and fault", `"${lock}" here again`);
    }
    taken.add(spot);
  }
}
