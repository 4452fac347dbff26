import { unitsSold } from "../domain/run-summary.ts";
import type { Verdict } from "../domain/finding.ts";
import type { RunRecord } from "../domain/record.ts";
import { median } from "./figure.ts";
import { runName } from "./run-name.ts";

/** Runs of one scenario with one lock. */
export interface RunGroup {
  readonly scenario: string;
  readonly lock: string | null;
  readonly name: string;
  /** At least one. */
  readonly records: readonly RunRecord[];
}

/** Runs of the same scenario and lock together, in the order in which each first appears. */
export function groupRuns(records: readonly RunRecord[]): RunGroup[] {
  const groups = new Map<string, RunRecord[]>();
  for (const record of records) {
    const group = groups.get(runName(record));
    if (group === undefined) groups.set(runName(record), [record]);
    else group.push(record);
  }
  return [...groups].flatMap(([name, members]) => {
    const [first] = members;
    return first === undefined
      ? []
      : [{ scenario: first.scenario, lock: first.environment.lock, name, records: members }];
  });
}

/** The figures of the runs that have this one. */
export function valuesOf(group: RunGroup, read: (record: RunRecord) => number | null): number[] {
  return group.records.map(read).filter((value) => value !== null);
}

/** The middle one of a figure over a group's runs; null when no run has it. */
export function medianOf(group: RunGroup, read: (record: RunRecord) => number | null): number | null {
  const values = valuesOf(group, read);
  return values.length === 0 ? null : median(values);
}

export function runsWith(group: RunGroup, verdict: Verdict): number {
  return group.records.filter((record) => record.verdict === verdict).length;
}

/** The worst verdict of a group: what it can be relied on for. */
export function worstVerdict(group: RunGroup): Verdict {
  if (runsWith(group, "fail") > 0) return "fail";
  return runsWith(group, "inconclusive") > 0 ? "inconclusive" : "pass";
}

/** Names of the checks that failed in any run of the group. */
export function failedChecks(group: RunGroup): string[] {
  const failed = group.records.flatMap(({ checks }) => checks.filter(({ verdict }) => verdict === "fail"));
  return [...new Set(failed.map(({ name }) => name))];
}

/** What the first-come check found; over several runs, the smallest of the shares. */
export function firstCome(group: RunGroup): string | null {
  const found = group.records.flatMap(({ checks }) => checks.filter(({ name }) => name === "first_come"));
  const ranked = found.map(({ actual }) => actual).sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b));
  return ranked[0] ?? null;
}

export function soldUnits(group: RunGroup): number | null {
  return medianOf(group, unitsSold);
}
