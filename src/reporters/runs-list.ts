import type { RunSummary } from "../domain/run-summary.ts";
import { figure } from "./figure.ts";
import { drawGrid } from "./grid.ts";
import { palette } from "./palette.ts";
import type { ReporterOptions } from "./reporter.ts";

const VERDICT_COLUMN = 2;

/** Kept runs as a table, in the order given. */
export function renderRuns(runs: readonly RunSummary[], options: ReporterOptions): string {
  if (runs.length === 0) return "no run is kept yet: lockbench run v1_stress\n";
  const paint = palette(options.colour);
  const grid = drawGrid(
    {
      head: ["run", "lock", "verdict", "sold", "TPS", "p99 ms"],
      rows: runs.map((run) => [
        run.id,
        run.lock ?? "",
        `${run.verdict.toUpperCase()} (${String(run.exitCode)})`,
        `${figure(run.sold)}/${figure(run.stock)}`,
        figure(run.tps),
        figure(run.p99Ms),
      ]),
      right: [3, 4, 5],
      paint: (text, row, column) => {
        const verdict = runs[row]?.verdict;
        return column === VERDICT_COLUMN && verdict !== undefined ? paint.verdict(verdict, text) : text;
      },
    },
    options.width,
  );
  return `${grid}\n`;
}
