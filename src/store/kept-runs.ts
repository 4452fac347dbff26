import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../domain/errors.ts";
import type { Plan } from "../domain/plan.ts";
import type { RunRecord } from "../domain/record.ts";
import { PLAN_FILE, runFolder } from "./layout.ts";
import { parsePlanFile } from "./plan-file.ts";
import { readRecord, unreadable } from "./record-file.ts";
import { runIds } from "./results-folder.ts";
import { isRunOf } from "./run-id.ts";

/** What was found in a run, and what was asked of it. */
export interface KeptRun {
  readonly record: RunRecord;
  readonly plan: Plan;
}

export interface KeptRuns {
  /** Oldest first. */
  readonly runs: readonly KeptRun[];
  /** Runs that cannot be used, and why, a line each. */
  readonly remarks: readonly string[];
}

/**
 * The runs of these scenarios that are kept in a folder; one without any holds none.
 * @throws LockbenchError (exit 5) when the folder cannot be read
 */
export function keptRuns(results: string, scenarios: readonly string[]): KeptRuns {
  const runs: KeptRun[] = [];
  const remarks: string[] = [];
  for (const id of runIds(results)) {
    if (!scenarios.some((scenario) => isRunOf(id, scenario))) continue;
    try {
      runs.push(readRun(runFolder(results, id)));
    } catch (error) {
      remarks.push(`does not count: ${messageOf(error)}`);
    }
  }
  return { runs, remarks };
}

function readRun(folder: string): KeptRun {
  const record = readRecord(folder);
  const file = join(folder, PLAN_FILE);
  try {
    const bytes = readFileSync(file);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const expected = record.evidence[PLAN_FILE];
    if (sha256 !== expected) throw new Error(`sha256 ${sha256}, where the record says ${expected ?? "none"}`);
    return { record, plan: parsePlanFile(bytes.toString("utf8")).plan };
  } catch (error) {
    throw unreadable(file, "the plan of a run", error);
  }
}
