import { Chalk, type ChalkInstance } from "chalk";
import type { DoctorReport, Health } from "./report.ts";

interface RenderOptions {
  readonly colour: boolean;
  /** Breaks a text that begins in this column into lines that fit. */
  readonly wrap: (text: string, column: number) => readonly string[];
}

/** The report for people: what was found of each thing, with what to do beneath it. */
export function renderDoctor(report: DoctorReport, { colour, wrap }: RenderOptions): string {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  const width = Math.max(...report.lines.map((line) => line.name.length));
  const column = width + 11;
  const lines = report.lines.flatMap(({ name, health, found, advice }) => {
    const told = wrap(found, column);
    const next = advice === undefined ? [] : wrap(advice, column).map((line) => chalk.bold(line));
    const head = `${painted(chalk, health)}  ${name.padEnd(width)}  `;
    return [...told, ...next].map((line, place) => `${place === 0 ? head : " ".repeat(column)}${line}`);
  });
  return `${lines.join("\n")}\n`;
}

function painted(chalk: ChalkInstance, health: Health): string {
  const paint = { ok: chalk.green, warn: chalk.yellow, missing: chalk.red }[health];
  return paint(health.padEnd("missing".length));
}
