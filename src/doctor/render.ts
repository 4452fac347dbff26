import { Chalk, type ChalkInstance } from "chalk";
import type { DoctorReport, Health } from "./report.ts";

/** The report for people: a line for each thing, with what to do beneath it. */
export function renderDoctor(report: DoctorReport, options: { readonly colour: boolean }): string {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  const width = Math.max(...report.lines.map((line) => line.name.length));
  const lines = report.lines.flatMap(({ name, health, found, advice }) => [
    `${painted(chalk, health)}  ${name.padEnd(width)}  ${found}`,
    ...(advice === undefined ? [] : [`${" ".repeat(width + 11)}${chalk.bold(advice)}`]),
  ]);
  return `${lines.join("\n")}\n`;
}

function painted(chalk: ChalkInstance, health: Health): string {
  const paint = { ok: chalk.green, warn: chalk.yellow, missing: chalk.red }[health];
  return paint(health.padEnd("missing".length));
}
