import type { RunRecord } from "../domain/record.ts";

/** What tells runs apart that stand side by side: the scenario, and the lock where there is a choice. */
export function runName(record: RunRecord): string {
  const { lock } = record.environment;
  return lock === null ? record.scenario : `${record.scenario} (${lock})`;
}
