import type { Verdict } from "../domain/finding.ts";
import { figure, median, plural } from "./figure.ts";
import type { Palette } from "./palette.ts";
import { hanging } from "./paragraph.ts";
import { type RunGroup, runsWith, valuesOf } from "./run-group.ts";
import { wrap } from "./width.ts";

/** How a repeated run came out: verdicts, how often each check failed, and how far the figures spread. */
export function repetition(group: RunGroup, width: number, paint: Palette): string {
  const verdicts = `${String(runsWith(group, "pass"))} passed, ${String(runsWith(group, "fail"))} failed, ${String(runsWith(group, "inconclusive"))} inconclusive`;
  return [
    ...wrap(`${group.name}, ${plural(group.records.length, "run")}: ${verdicts}`, width).map(paint.title),
    ...checkNames(group).flatMap((name) => checkLines(group, name, width, paint)),
    ...hanging(
      "  ",
      spread(
        "TPS",
        valuesOf(group, ({ metrics }) => metrics.tps),
        "/s",
      ),
      width,
    ),
    ...hanging(
      "  ",
      spread(
        "p99",
        valuesOf(group, ({ metrics }) => metrics.latencyMs?.p99 ?? null),
        " ms",
      ),
      width,
    ),
  ].join("\n");
}

function checkNames(group: RunGroup): string[] {
  return [...new Set(group.records.flatMap(({ checks }) => checks.map(({ name }) => name)))];
}

function checkLines(group: RunGroup, name: string, width: number, paint: Palette): string[] {
  const made = group.records.filter(({ checks }) => checks.some((check) => check.name === name)).length;
  const failed = timesOf(group, name, "fail");
  const open = timesOf(group, name, "inconclusive");
  const rest = open === 0 ? "" : `, inconclusive in ${String(open)}`;
  const lines = hanging("  ", `${name} failed in ${String(failed)} of ${String(made)}${rest}`, width);
  const worst: Verdict = failed > 0 ? "fail" : open > 0 ? "inconclusive" : "pass";
  return worst === "pass" ? lines : lines.map((line) => paint.verdict(worst, line));
}

function timesOf(group: RunGroup, name: string, verdict: Verdict): number {
  return group.records.filter(({ checks }) => checks.some((check) => check.name === name && check.verdict === verdict))
    .length;
}

function spread(name: string, values: readonly number[], unit: string): string {
  if (values.length === 0) return `${name}: no run has one`;
  const figures = [Math.min(...values), median(values), Math.max(...values)].map((value) => `${figure(value)}${unit}`);
  return `${name}: min ${figures[0] ?? ""}, median ${figures[1] ?? ""}, max ${figures[2] ?? ""} (${plural(values.length, "run")})`;
}
