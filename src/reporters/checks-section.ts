import type { Finding } from "../domain/finding.ts";
import { drawGrid } from "./grid.ts";
import type { Palette } from "./palette.ts";
import { hanging } from "./paragraph.ts";
import { wrap } from "./width.ts";

const VERDICT_COLUMN = 3;
const MOST_DETAIL_LINES = 12;

/** The pass/fail table; without any check it says so, because nothing was proven then. */
export function checksGrid(findings: readonly Finding[], width: number, paint: Palette): string {
  if (findings.length === 0) return "no check was made: this run proves nothing";
  return drawGrid(
    {
      head: ["check", "expected", "actual", "verdict"],
      rows: findings.map(({ name, expected, actual, verdict }) => [name, expected, actual, verdict.toUpperCase()]),
      paint: (text, row, column) => {
        const verdict = findings[row]?.verdict;
        return column === VERDICT_COLUMN && verdict !== undefined ? paint.verdict(verdict, text) : text;
      },
    },
    width,
  );
}

/** For every check that did not pass: the arithmetic and the proof, worst first. */
export function findingNotes(findings: readonly Finding[], width: number, paint: Palette): string {
  const failed = findings.filter(({ verdict }) => verdict === "fail");
  const open = findings.filter(({ verdict }) => verdict === "inconclusive");
  return [...failed, ...open].map((finding) => note(finding, width, paint)).join("\n\n");
}

function note(finding: Finding, width: number, paint: Palette): string {
  const { name, verdict, detail, evidence } = finding;
  const title = wrap(`${name} ${verdict.toUpperCase()}`, width).map((line) => paint.verdict(verdict, line));
  const arithmetic = hanging("  ", detail, width);
  const shown = arithmetic.slice(0, MOST_DETAIL_LINES);
  const more = arithmetic.length > shown.length ? ["  …"] : [];
  return [...title, ...shown, ...more, ...evidence.flatMap((line) => hanging("    ", line, width))].join("\n");
}
