import { relative, resolve } from "node:path";
import { messageOf, usageError } from "../domain/errors.ts";
import type { CellPlan, Matrix } from "../domain/matrix.ts";
import { expectation } from "../host/yaml/issues.ts";
import { Mistakes } from "../host/yaml/mistakes.ts";
import { readSections } from "../host/yaml/sections.ts";
import { YamlSource } from "../host/yaml/yaml-source.ts";
import type { ScenarioPlaces } from "./catalogue.ts";
import { type ChecksOf, findCellMistakes } from "./cell-mistakes.ts";
import { findMatrixMistakes } from "./matrix-mistakes.ts";
import type { Scenario } from "./scenario.ts";
import { matrixSchema, type MatrixSpec } from "./schema/matrix.ts";
import { scenariosOf } from "./scenarios-of-matrix.ts";

/** A matrix, and the scenarios that its cells name. */
export interface ReadMatrix {
  readonly matrix: Matrix;
  readonly scenarios: ReadonlyMap<string, Scenario>;
}

/**
 * Reads a matrix file, and the scenarios of its cells; starts nothing.
 * @param checksOf the names of the checks that can accuse a lock in a scenario
 * @throws LockbenchError (exit 2) with every mistake as `file:line:column: what: expected …, found …`
 */
export async function readMatrix(file: string, places: ScenarioPlaces, checksOf: ChecksOf): Promise<ReadMatrix> {
  const source = await readSource(resolve(places.cwd, file));
  const mistakes = new Mistakes((path) => ({ source, path }));
  mistakes.add(source.mistakes);
  const read = mistakes.any ? {} : readSections(matrixSchema, source.value, [], mistakes);
  findMatrixMistakes(read, mistakes);
  const scenarios = await scenariosOf(read.faults ?? [], places);
  findCellMistakes(read, scenarios, checksOf, mistakes);
  if (mistakes.any) {
    throw mistakes.toError({
      subject: `matrix ${spellFile(source.file, places.cwd)}`,
      code: "INVALID_MATRIX",
      hint: "docs/matrix-file.md explains every key",
      spellFile: (one) => spellFile(one, places.cwd),
    });
  }
  return { matrix: matrixOf(matrixSchema.parse(source.value, { error: expectation })), scenarios };
}

async function readSource(file: string): Promise<YamlSource> {
  try {
    return await YamlSource.read(file);
  } catch (error) {
    throw usageError(`matrix: cannot read ${file}: ${messageOf(error)}`, "leave the file out for the bundled matrix");
  }
}

function spellFile(file: string, cwd: string): string {
  const short = relative(cwd, file);
  return short.startsWith("..") ? file : short;
}

function matrixOf({ locks, faults, cells }: MatrixSpec): Matrix {
  return { locks, faults, cells: cells.map(cellPlan) };
}

function cellPlan(cell: MatrixSpec["cells"][number]): CellPlan {
  const { lock, scenario, promised, expected, checks, may_fail: mayFail } = cell;
  return {
    lock,
    scenario,
    promised,
    expected: expected === "pass" ? { verdict: "pass" } : { verdict: "fail", checks, mayFail },
  };
}
