import { join } from "node:path";
import { environmentError, type LockbenchError, messageOf } from "../domain/errors.ts";
import { type RunSummary, summarise } from "../domain/run-summary.ts";
import { DATABASE_FILE, runFolder } from "./layout.ts";
import { readRecord } from "./record-file.ts";
import { runIds } from "./results-folder.ts";
import { codeOf, quoted, storeError } from "./store-error.ts";
import { ForeignDatabase, SummaryDatabase } from "./summary-database.ts";

/**
 * Opens the summary and adds the runs that it does not know: all of them when
 * the file is missing, and a run whose writer died before it could add it.
 * @returns the summary, and a line for each record that could not be read
 * @throws LockbenchError (exit 5); a damaged file is left exactly as it is
 */
export function openSummaries(folder: string): { database: SummaryDatabase; remarks: string[] } {
  return guarded(folder, () => {
    const database = new SummaryDatabase(join(folder, DATABASE_FILE));
    try {
      return { database, remarks: catchUp(database, folder) };
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function catchUp(database: SummaryDatabase, folder: string): string[] {
  const known = database.ids();
  const missing: RunSummary[] = [];
  const remarks: string[] = [];
  for (const id of runIds(folder)) {
    if (known.has(id)) continue;
    try {
      missing.push(summarise(readRecord(runFolder(folder, id))));
    } catch (error) {
      remarks.push(`not in the summary of runs: ${messageOf(error)}`);
    }
  }
  if (missing.length > 0) database.add(missing);
  return remarks;
}

/** Does something with the summary and turns its failures into ones that a user can act on. */
export function guarded<Result>(folder: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    throw isDamaged(error) ? corrupt(folder, error) : storeError("the summary of runs cannot be used", folder, error);
  }
}

function isDamaged(error: unknown): boolean {
  return error instanceof ForeignDatabase || /^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error));
}

function corrupt(folder: string, cause: unknown): LockbenchError {
  const file = join(folder, DATABASE_FILE);
  return environmentError(
    "RESULTS_DATABASE_CORRUPT",
    `the summary of runs is damaged: ${file}, expected a lockbench database, found ${messageOf(cause)}`,
    {
      hint: `move it aside with: mv ${quoted(file)} ${quoted(`${file}.damaged`)} (the next run rebuilds it from the records)`,
      cause,
    },
  );
}
