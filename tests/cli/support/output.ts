import { readdirSync } from "node:fs";
import type { RunRecord } from "../../../src/domain/record.ts";
import type { Place } from "./place.ts";
import type { Ended } from "./started.ts";

/** The checks whose failure is a violation, as the scenarios v1_* demand them. */
export const CORRECTNESS = [
  "oversold",
  "exact_sales",
  "stock_mismatch",
  "receipts",
  "double_purchase",
  "false_sold_out",
  "first_come",
  "lost_update",
  "liveness",
];

/** On a machine that is busy with other things a sound shop may be too slow: correct, exit 3. */
export const CORRECT = [0, 3];

/** A run that takes little time, and in which the stock runs out. */
export const SMALL = "--users 20 --stock 10";

/** The one record that `--json` prints. */
export function record({ stdout }: Ended): RunRecord {
  return JSON.parse(stdout) as RunRecord;
}

export function records({ stdout }: Ended): RunRecord[] {
  return JSON.parse(stdout) as RunRecord[];
}

/** The verdict that the table prints for each check. */
export function verdicts(table: string): Record<string, string> {
  const rows = table.matchAll(/^│ (\w+)\s+│.*│ (PASS|FAIL|INCONCLUSIVE)\s+│$/gm);
  return Object.fromEntries([...rows].map(([, check, verdict]) => [check ?? "", verdict ?? ""]));
}

export function passing(checks: readonly string[]): Record<string, string> {
  return Object.fromEntries(checks.map((check) => [check, "PASS"]));
}

/** The ids of the runs that are kept in a place. */
export function keptRuns(place: Place, results = "results"): string[] {
  return readdirSync(place.file(results)).filter((name) => /^\d{8}T/.test(name));
}
