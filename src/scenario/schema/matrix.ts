import * as z from "zod";
import { listOf, mapping, oneOf, text } from "./spelling.ts";

/** As YAML folds it, on one line: it stands in a list and in the cell of a table. */
const sentence = (what?: string) => text(what).transform((words) => words.trim().replace(/\s+/g, " "));

const checkNames = (meaning: string) =>
  z.array(text("the name of a check"), { error: "a list of checks" }).prefault([]).describe(meaning);

const cellSchema = mapping({
  lock: text().describe("One of the matrix's `locks`."),
  scenario: text().describe("One of the scenarios of a column."),
  promised: sentence("what the lock promises there").describe("What the lock promises there, in a sentence."),
  expected: oneOf(["pass", "fail"]).describe(
    "What must be seen: `pass`, no run violates correctness; `fail`, it can break, if not in every run.",
  ),
  checks: checkNames("With `fail`: the checks of which each must be seen failing in at least one run."),
  may_fail: checkNames("With `fail`: checks that may fail as well. Any other failure is one that was not expected."),
});

/** A matrix.yaml: locks are the rows, faults the columns. */
export const matrixSchema = mapping({
  locks: listOf(
    mapping({
      lock: text().describe("A lock, as `--lock` names it."),
      title: sentence().describe("How it works, in a few words."),
    }),
    "a list of {lock, title}",
  ).describe("The rows."),
  faults: listOf(
    mapping({
      fault: sentence().describe("What goes wrong, in a few words: the head of the column."),
      scenarios: listOf(text("the name of a scenario"), "a list of scenarios").describe(
        "The scenarios in which it happens, by name; each cell of the column names one of them.",
      ),
    }),
    "a list of {fault, scenarios}",
  ).describe("The columns."),
  cells: listOf(cellSchema, "a list of {lock, scenario, promised, expected}").describe(
    "What is promised and expected of a lock under a fault. A pair that is left out is not looked for.",
  ),
});

export type MatrixSpec = z.output<typeof matrixSchema>;
