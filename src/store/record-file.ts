import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { environmentError, type LockbenchError, messageOf } from "../domain/errors.ts";
import type { RunRecord } from "../domain/record.ts";
import { RECORD_FILE } from "./layout.ts";
import { recordSchema } from "./record-schema.ts";

/**
 * Reads the record of a run's folder.
 * @throws LockbenchError (exit 5) that says what is wrong with the file, and where in it
 */
export function readRecord(folder: string): RunRecord {
  const file = join(folder, RECORD_FILE);
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw unreadable(file, "a run record", error);
  }
}

/** A file of a run that cannot be used at all, as an error for the user (exit 5). */
export function unreadable(file: string, expected: string, cause: unknown): LockbenchError {
  return environmentError(
    "RUN_UNREADABLE",
    `the run cannot be read: ${file}, expected ${expected}, found ${found(cause)}`,
    {
      hint: "judge another run (lockbench list --runs), or run the scenario again",
      cause,
    },
  );
}

function found(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return messageOf(cause);
  return cause.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join(".") || "the file"}: ${issue.message}`)
    .join("; ");
}
