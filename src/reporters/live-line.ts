import { grouped } from "./figure.ts";
import { truncate, visible } from "./width.ts";

/** Where a run is at the moment. */
export interface LiveState {
  readonly scenario: string;
  /** What is being done: "starting", "buying", "settling", … */
  readonly phase: string;
  readonly elapsedMs: number;
  readonly sent: number;
  readonly ended: number;
  /** How many attempts there will be; null when nobody knows, in a load that runs for a time. */
  readonly expected: number | null;
}

/** One line about a running run, never wider than `width` columns. */
export function liveLine(state: LiveState, width: number): string {
  const { scenario, phase, elapsedMs, sent, ended, expected } = state;
  const of = expected === null ? "" : `/${grouped(expected)}`;
  const load = sent === 0 ? [] : [`sent ${grouped(sent)}${of}`, `ended ${grouped(ended)}${of}`];
  const parts = [visible(scenario), phase, `${(elapsedMs / 1000).toFixed(1)} s`, ...load];
  return truncate(parts.join("  "), width);
}

/** The same of a stack that is brought up and not yet used. */
export function startingLine(scenario: string, elapsedMs: number, width: number): string {
  return liveLine({ scenario, phase: "starting", elapsedMs, sent: 0, ended: 0, expected: null }, width);
}
