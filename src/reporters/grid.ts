import Table from "cli-table3";
import { displayWidth, wrap } from "./width.ts";

/** Border and padding: one line and two spaces for each column, and the last line. */
const PER_COLUMN = 3;
const LEAST_COLUMN = 4;

export interface Grid {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns, counted from 0, that hold numbers and are aligned to the right. */
  readonly right?: readonly number[];
  /** A rule between rows, for rows whose cells have several lines. */
  readonly ruled?: boolean;
  /** Colours one line of a cell, after it was wrapped. */
  readonly paint?: (text: string, row: number, column: number) => string;
}

/** Draws a table that is never wider than `width`: cells are wrapped, widest columns first. */
export function drawGrid(grid: Grid, width: number): string {
  const columns = fit(naturalWidths(grid), width - 1 - PER_COLUMN * grid.head.length);
  const paint = grid.paint ?? ((text: string) => text);
  const table = new Table({
    head: grid.head.map((text, column) => wrapped(text, columns[column])),
    colWidths: columns.map((column) => column + 2),
    colAligns: grid.head.map((_, column) => (grid.right?.includes(column) === true ? "right" : "left")),
    style: { head: [], border: [] },
  });
  for (const [row, cells] of grid.rows.entries()) {
    table.push(
      cells.map((cell, column) =>
        wrapped(cell, columns[column])
          .split("\n")
          .map((line) => paint(line, row, column))
          .join("\n"),
      ),
    );
  }
  return grid.ruled === true ? table.toString() : withoutRules(table.toString());
}

function wrapped(text: string, columns = LEAST_COLUMN): string {
  return wrap(text, columns).join("\n");
}

function naturalWidths(grid: Grid): number[] {
  return grid.head.map((head, column) => {
    const cells = [head, ...grid.rows.map((row) => row[column] ?? "")];
    return Math.max(LEAST_COLUMN, ...cells.flatMap((cell) => cell.split("\n").map(displayWidth)));
  });
}

/** Takes columns away from the widest, one at a time, until all fit. */
function fit(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  for (; excess > 0; excess -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= LEAST_COLUMN) break;
    widths[widest] = width - 1;
  }
  return widths;
}

/** One rule under the head is enough; a rule between any two rows doubles the height of a table. */
function withoutRules(drawn: string): string {
  const lines = drawn.split("\n");
  const head = lines.findIndex((line) => line.startsWith("├"));
  return lines.filter((line, at) => at <= head || !line.startsWith("├")).join("\n");
}
