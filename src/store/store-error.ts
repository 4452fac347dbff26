import { type LockbenchError, environmentError, messageOf } from "../domain/errors.ts";

interface Trouble {
  readonly code: string;
  readonly expected: string;
  readonly hint: (folder: string) => string;
}

const FULL: Trouble = {
  code: "RESULTS_DISK_FULL",
  expected: "free space on its disk",
  hint: (folder) =>
    `free some space (df -h ${quoted(folder)} shows how full it is), or give another folder with --results`,
};

const READ_ONLY: Trouble = {
  code: "RESULTS_NOT_WRITABLE",
  expected: "a folder that can be written to",
  hint: (folder) =>
    `make it writable (ls -ld ${quoted(folder)} shows whose it is), or give another folder with --results`,
};

const NO_FOLDER: Trouble = {
  code: "RESULTS_NOT_A_FOLDER",
  expected: "a folder, or nothing yet",
  hint: (folder) => `move what is in the way aside (ls -ld ${quoted(folder)}), or give another folder with --results`,
};

const BUSY: Trouble = {
  code: "RESULTS_BUSY",
  expected: "the summary of runs to be free within 5 s",
  hint: (folder) => `another process holds it: see who with fuser ${quoted(`${folder}/lockbench.db`)}, then run again`,
};

const OTHER: Trouble = {
  code: "RESULTS_FAILED",
  expected: "to read and write there",
  hint: (folder) => `look at ${quoted(folder)} and its disk, or give another folder with --results`,
};

const BY_CODE: Readonly<Record<string, Trouble>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  SQLITE_FULL: FULL,
  EROFS: READ_ONLY,
  EACCES: READ_ONLY,
  EPERM: READ_ONLY,
  SQLITE_READONLY: READ_ONLY,
  EEXIST: NO_FOLDER,
  ENOTDIR: NO_FOLDER,
  SQLITE_BUSY: BUSY,
};

/**
 * Turns a failure of the file system or of SQLite into one that a user can act on (exit 5).
 * @param event what was being done, such as "results cannot be written"
 */
export function storeError(event: string, folder: string, cause: unknown): LockbenchError {
  const code = codeOf(cause);
  const trouble = BY_CODE[code] ?? BY_CODE[primary(code)] ?? OTHER;
  return environmentError(
    trouble.code,
    `${event}: ${folder}, expected ${trouble.expected}, found ${messageOf(cause)}`,
    { hint: trouble.hint(folder), cause },
  );
}

/** The `code` that Node and SQLite put on their errors, or "". */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** SQLite's extended codes begin with the primary one: SQLITE_READONLY_DIRECTORY. */
function primary(code: string): string {
  return code.split("_").slice(0, 2).join("_");
}

/** A path as it can be typed into a shell. */
export function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
