import { exitCode } from "./errors.ts";
import type { ControlPlan } from "./plan.ts";
import type { RunRecord } from "./record.ts";

/** What a run says about lockbench itself. */
export interface Proof {
  readonly scenario: string;
  /** null for a sound shop. */
  readonly control: ControlPlan | null;
  readonly record: RunRecord;
  /** Why the run does not show what it should; empty when it does. */
  readonly shortcomings: readonly string[];
  /** What is worth knowing of a run that does show what it should. */
  readonly remarks: readonly string[];
}

/**
 * Compares a run with what must come of it: a flaw is caught by the named check, a sound shop is accused of nothing.
 * That a sound shop is too slow on this machine is a verdict about the machine, not a mistake of the harness.
 */
export function proofOf(control: ControlPlan | null, record: RunRecord): Proof {
  const shortcomings = control === null ? soundShortcomings(record) : controlShortcomings(control, record);
  const remarks = control === null && isSlow(record) ? [record.reason] : [];
  return { scenario: record.scenario, control, record, shortcomings, remarks };
}

function soundShortcomings(record: RunRecord): string[] {
  return record.verdict === "pass" || isSlow(record) ? [] : [`expected the run to pass, found: ${record.reason}`];
}

/** Correct in every respect, and slower than its thresholds allow. */
function isSlow(record: RunRecord): boolean {
  return record.exitCode === exitCode.tooSlow;
}

function controlShortcomings(control: ControlPlan, record: RunRecord): string[] {
  const found = record.checks.find(({ name }) => name === control.check)?.verdict ?? "no such check";
  const wrongly = record.checks.filter(({ name, verdict }) => control.mustNotFail.includes(name) && verdict === "fail");
  return [
    ...(found === control.verdict ? [] : [`expected ${control.check} to say ${control.verdict}, found ${found}`]),
    ...(record.verdict === control.run
      ? []
      : [`expected the verdict ${control.run}, found ${record.verdict}: ${record.reason}`]),
    ...wrongly.map(({ name, detail }) => `expected ${name} not to fail, found: ${detail}`),
  ];
}
