import type { RunRecord } from "../domain/record.ts";
import { checksGrid, findingNotes } from "./checks-section.ts";
import { faultsSection } from "./faults-section.ts";
import { figureLines } from "./figures-section.ts";
import { grouped, plural } from "./figure.ts";
import { hanging } from "./paragraph.ts";
import { type Palette, palette } from "./palette.ts";
import type { Reporter, ReporterOptions } from "./reporter.ts";
import { truthSection } from "./truth-section.ts";
import { visible, wrap } from "./width.ts";

const NARROWEST = 40;

/**
 * The report for people: checks, figures, what was really there, and the proof
 * of whatever did not pass. The last line is not in it: see `lastLine`.
 */
export const tableReporter: Reporter = {
  name: "table",
  render: (records, options) => records.map((record) => renderRun(record, options)).join("\n"),
};

function renderRun(record: RunRecord, options: ReporterOptions): string {
  const width = Math.max(NARROWEST, options.width);
  const paint = palette(options.colour);
  const sections = [
    heading(record, width, paint),
    checksGrid(record.checks, width, paint),
    findingNotes(record.checks, width, paint),
    figureLines(record.metrics, width, paint),
    faultsSection(record.faults, record.metrics.firstSendMs, width, paint),
    truthSection(record.truth, width, paint),
    incidents(record.incidents, width, paint),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function heading(record: RunRecord, width: number, paint: Palette): string {
  const { lock, buyers, stock, replicas, stack } = record.environment;
  const facts = [
    record.scenario,
    ...(lock === null ? [] : [`lock ${lock}`]),
    `${plural(buyers, "buyer")} for ${plural(stock, "unit")}`,
    `${grouped(replicas)} ${replicas === 1 ? "server" : "servers"}`,
    `stack ${stack}`,
  ];
  const title = wrap(facts.join(" · "), width).map(paint.title);
  return [...title, ...wrap(`run ${visible(record.id)}`, width).map(paint.faint)].join("\n");
}

function incidents(lines: readonly string[], width: number, paint: Palette): string {
  if (lines.length === 0) return "";
  return [paint.title("incidents"), ...lines.flatMap((line) => hanging("  ! ", line, width))].join("\n");
}
