import { figure, NOTHING, plural } from "./figure.ts";
import { drawGrid, type Grid } from "./grid.ts";
import { type Palette, palette } from "./palette.ts";
import { repetition } from "./repetition.ts";
import type { Reporter } from "./reporter.ts";
import {
  failedChecks,
  firstCome,
  groupRuns,
  medianOf,
  type RunGroup,
  runsWith,
  soldUnits,
  worstVerdict,
} from "./run-group.ts";

/** From this width on every figure has a column of its own. */
const WIDE = 130;
const NARROWEST = 60;

/** Several runs side by side, a row for each scenario and lock, and how often the checks of repeated ones failed. */
export const comparisonReporter: Reporter = {
  name: "comparison",
  render: (records, options) => {
    const groups = groupRuns(records);
    if (groups.length === 0) return "no run to compare\n";
    const width = Math.max(NARROWEST, options.width);
    const paint = palette(options.colour);
    const repeated = groups.filter((group) => group.records.length > 1);
    const note = repeated.length === 0 ? [] : [paint.faint("figures of repeated runs are medians")];
    const table = [drawGrid(sideBySide(groups, width, paint), width), ...note].join("\n");
    return `${[table, ...repeated.map((group) => repetition(group, width, paint))].join("\n\n")}\n`;
  },
};

function sideBySide(groups: readonly RunGroup[], width: number, paint: Palette): Grid {
  const rows = groups.map(cells);
  const layout = width >= WIDE ? flat(rows) : stacked(rows);
  const column = width >= WIDE ? 2 : 1;
  return {
    ...layout,
    paint: (text, row, at) => {
      const group = groups[row];
      return at === column && group !== undefined ? paint.verdict(worstVerdict(group), text) : text;
    },
  };
}

interface Cells {
  readonly scenario: string;
  readonly lock: string;
  readonly verdict: string;
  readonly sold: string;
  readonly tps: string;
  readonly avg: string;
  readonly p50: string;
  readonly p95: string;
  readonly p99: string;
  readonly firstCome: string;
  readonly failed: string;
}

function cells(group: RunGroup): Cells {
  const latency = (name: "avg" | "p50" | "p95" | "p99"): string =>
    figure(medianOf(group, ({ metrics }) => metrics.latencyMs?.[name] ?? null));
  return {
    scenario: group.scenario,
    lock: group.lock ?? NOTHING,
    verdict: verdictWord(group),
    sold: figure(soldUnits(group)),
    tps: figure(medianOf(group, ({ metrics }) => metrics.tps)),
    avg: latency("avg"),
    p50: latency("p50"),
    p95: latency("p95"),
    p99: latency("p99"),
    firstCome: firstCome(group) ?? NOTHING,
    failed: failedChecks(group).join(", "),
  };
}

function verdictWord(group: RunGroup): string {
  const word = worstVerdict(group);
  const runs = group.records.length;
  if (runs === 1) return word.toUpperCase();
  const count = runsWith(group, word);
  return `${word.toUpperCase()} ${count === runs ? plural(runs, "run") : `${String(count)} of ${plural(runs, "run")}`}`;
}

function flat(rows: readonly Cells[]): Grid {
  return {
    head: [
      "scenario",
      "lock",
      "verdict",
      "sold",
      "TPS",
      "avg ms",
      "p50 ms",
      "p95 ms",
      "p99 ms",
      "first come",
      "failed",
    ],
    rows: rows.map((row) => [
      row.scenario,
      row.lock,
      row.verdict,
      row.sold,
      row.tps,
      row.avg,
      row.p50,
      row.p95,
      row.p99,
      row.firstCome,
      row.failed,
    ]),
    right: [3, 4, 5, 6, 7, 8],
  };
}

/** On a narrow terminal two figures share a column, one above the other. */
function stacked(rows: readonly Cells[]): Grid {
  return {
    head: ["scenario\nlock", "verdict\nfailed", "sold\nTPS", "avg ms\np50 ms", "p95 ms\np99 ms", "first\ncome"],
    rows: rows.map((row) => [
      `${row.scenario}\n${row.lock}`,
      row.failed === "" ? row.verdict : `${row.verdict}\n${row.failed}`,
      `${row.sold}\n${row.tps}`,
      `${row.avg}\n${row.p50}`,
      `${row.p95}\n${row.p99}`,
      row.firstCome,
    ]),
    right: [2, 3, 4],
    ruled: true,
  };
}
