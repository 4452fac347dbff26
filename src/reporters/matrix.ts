import type { Cell, Expectation, Matrix, Seen } from "../domain/matrix.ts";
import { NOTHING, plural } from "./figure.ts";
import { markdownTable } from "./markdown-table.ts";

/** The whole document, in Markdown: what can be seen at a glance, and below it each cell. */
export function renderMatrix(matrix: Matrix, cells: readonly Cell[]): string {
  const parts = [HEAD, matrixTable(matrix, cells), LEGEND, ...matrix.locks.flatMap((row) => section(row, cells))];
  return `${parts.join("\n\n")}\n`;
}

/** Locks are the rows, faults the columns. */
export function matrixTable({ locks, faults }: Matrix, cells: readonly Cell[]): string {
  const rows = locks.map(({ lock }) => {
    const seen = faults.map(({ fault }) => cells.find((cell) => cell.lock === lock && cell.fault === fault));
    return [`\`${lock}\``, ...seen.map((cell) => (cell === undefined ? NOTHING : inShort(cell)))];
  });
  return markdownTable(["lock", ...faults.map(({ fault }) => fault)], rows);
}

const HEAD = `# Which lock holds under which fault

Made by \`lockbench matrix\` from stored runs; \`lockbench matrix --run\` makes those that are missing. What counts as a run of
a cell is explained in docs/matrix-file.md of the lockbench package.`;

const LEGEND = `PASS 3 of 3: so many of the runs violated nothing. FAIL 3 of 20: so many violated correctness, and the checks that said
so. "No run" and "inconclusive" prove nothing, and ${NOTHING} is a pair that nobody claims anything about. What is
printed **bold** is not as expected.`;

function section({ lock, title }: Matrix["locks"][number], cells: readonly Cell[]): string[] {
  const own = cells.filter((cell) => cell.lock === lock);
  return own.length === 0 ? [] : [`## \`${lock}\`: ${title}`, ...own.flatMap(details)];
}

/** What was seen, as it stands in the table. */
export function inShort({ seen, standing, expected }: Cell): string {
  if (standing === "as_expected") return outcome(seen);
  if (standing === "otherwise") return `**${outcome(seen)}** (expected ${spellExpected(expected)})`;
  return seen.runs === 0 ? "**no run**" : `**inconclusive ${String(seen.runs)} of ${String(seen.runs)}**`;
}

function outcome(seen: Seen): string {
  if (seen.violated === 0) return `PASS ${String(seen.correct)} of ${String(seen.runs)}`;
  return `FAIL ${String(seen.violated)} of ${String(seen.runs)}: ${checkList(seen.failed.map(({ check }) => check))}`;
}

function checkList(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

function spellExpected(expected: Expectation): string {
  return expected.verdict === "pass" ? "PASS" : `FAIL: ${checkList(expected.checks)}`;
}

function details(cell: Cell): string[] {
  const { seen, expected } = cell;
  const mayFail = expected.verdict === "fail" && expected.mayFail.length > 0 ? expected.mayFail : undefined;
  const lines = [
    `promised: ${cell.promised}`,
    `expected: ${spellExpected(expected)}${mayFail === undefined ? "" : `; ${checkList(mayFail)} may fail as well`}`,
    `seen: ${spellSeen(seen)}`,
    ...(cell.why === "" ? [] : [`**not as expected:** ${inLine(cell.why)}`]),
    ...(seen.newest === null
      ? []
      : [`newest run: \`${seen.newest.id}\` of ${seen.newest.startedAt.slice(0, 10)}: ${inLine(seen.newest.reason)}`]),
    ...(seen.madeWith.length === 0 ? [] : [`with ${seen.madeWith.join(", ")}`]),
  ];
  return [`### ${cell.fault} (\`${cell.scenario}\`)`, lines.map((line) => `- ${line}`).join("\n")];
}

function spellSeen(seen: Seen): string {
  if (seen.runs === 0) return "no run";
  const { correct, slow, violated, inconclusive, failed } = seen;
  const late = slow === 0 ? "" : `, ${String(slow)} of them slower than the scenario allows`;
  const verdicts = `${String(correct)} correct${late}; ${String(violated)} violated; ${String(inconclusive)} inconclusive`;
  const checks = failed.map(({ check, runs }) => `\`${check}\` failed in ${String(runs)}`);
  return [`${plural(seen.runs, "run")}: ${verdicts}`, ...checks].join("; ");
}

/** What a run said may hold signs that Markdown would take for its own. */
function inLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\*<>[\]]|(?<!\w)_|_(?!\w)/g, "\\$&");
}
