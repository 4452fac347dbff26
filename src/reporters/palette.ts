import { Chalk, type ChalkInstance } from "chalk";
import type { Verdict } from "../domain/finding.ts";

/** Colours on top of words that already say everything. */
export interface Palette {
  readonly title: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly verdict: (verdict: Verdict, text: string) => string;
}

/** @param colour false leaves every text as it is */
export function palette(colour: boolean): Palette {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  return {
    title: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
    verdict: (verdict, text) => shade(chalk, verdict)(text),
  };
}

function shade(chalk: ChalkInstance, verdict: Verdict): ChalkInstance {
  switch (verdict) {
    case "pass":
      return chalk.green;
    case "fail":
      return chalk.red.bold;
    case "inconclusive":
      return chalk.yellow;
  }
}
