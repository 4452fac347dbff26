import { resolve } from "node:path";
import Database from "better-sqlite3";
import { environmentError, messageOf, usageError } from "../domain/errors.ts";
import { fill } from "../domain/template.ts";
import type { RemoteDatabases } from "../stacks/stack.ts";
import type { ProbeTarget } from "./probe.ts";

const BUSY_WITHIN_MS = 2000;

/** A database file of the shop, wherever it lies. */
export interface SqliteFile {
  /** The database as it is now; whoever asked closes it. */
  now(): Promise<OpenDatabase>;
  close(): void;
}

export interface OpenDatabase {
  readonly database: Database.Database;
  /** Lets go of it: a copy is forgotten, the live file stays open for the next question. */
  readonly release: () => void;
}

/** Finds the file that a probe names, and tries its query at once where the file can be opened from here. */
export function sqliteFile(file: string, query: string, { databases, folder, variables }: ProbeTarget): SqliteFile {
  const path = fill(file, variables);
  return databases === null ? liveFile(resolve(folder, path), query) : copiedFile(path, databases);
}

function liveFile(path: string, query: string): SqliteFile {
  const database = open(path, path);
  prepare(database, query);
  return {
    now: () => Promise.resolve({ database, release: () => undefined }),
    close: () => void database.close(),
  };
}

function copiedFile(path: string, databases: RemoteDatabases): SqliteFile {
  return {
    async now() {
      const database = open(await databases.copy(path), path);
      return { database, release: () => void database.close() };
    },
    close: () => undefined,
  };
}

/** @param source a path, or the bytes of a database */
function open(source: string | Buffer, path: string): Database.Database {
  try {
    return typeof source === "string"
      ? new Database(source, { readonly: true, fileMustExist: true, timeout: BUSY_WITHIN_MS })
      : new Database(source, { readonly: true });
  } catch (error) {
    throw environmentError("PROBE_FAILED", `sqlite probe: cannot open ${path}: ${messageOf(error)}`, {
      hint: "check `file` of the probe: the server must have created the database by the time it is ready",
      cause: error,
    });
  }
}

/** @throws LockbenchError (exit 2) with what SQLite says about the query */
export function prepare(database: Database.Database, query: string): Database.Statement {
  try {
    return database.prepare(query);
  } catch (error) {
    throw usageError(
      `sqlite probe: the database refuses \`${query}\`: ${messageOf(error)}`,
      "correct the probe's query",
    );
  }
}
