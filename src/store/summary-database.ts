import Database from "better-sqlite3";
import * as z from "zod";
import { exitCode } from "../domain/errors.ts";
import type { RunSummary } from "../domain/run-summary.ts";

const VERSION = 1;

/** How long to wait for another lockbench that is writing, in ms. */
const PATIENCE_MS = 5000;

const COLUMNS = [
  "id",
  "scenario",
  "lock",
  "verdict",
  "exitCode",
  "reason",
  "startedAt",
  "durationMs",
  "buyers",
  "stock",
  "replicas",
  "attempts",
  "sold",
  "tps",
  "p99Ms",
] as const satisfies readonly (keyof RunSummary)[];

const SCHEMA = `CREATE TABLE IF NOT EXISTS runs (
  id TEXT PRIMARY KEY, scenario TEXT NOT NULL, lock TEXT, verdict TEXT NOT NULL, exitCode INTEGER NOT NULL,
  reason TEXT NOT NULL, startedAt TEXT NOT NULL, durationMs REAL NOT NULL, buyers INTEGER NOT NULL,
  stock INTEGER NOT NULL, replicas INTEGER NOT NULL, attempts INTEGER NOT NULL, sold INTEGER, tps REAL, p99Ms REAL
) WITHOUT ROWID`;

const ROW = z.object({
  id: z.string(),
  scenario: z.string(),
  lock: z.string().nullable(),
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  exitCode: z.literal(Object.values(exitCode)),
  reason: z.string(),
  startedAt: z.string(),
  durationMs: z.number(),
  buyers: z.number(),
  stock: z.number(),
  replicas: z.number(),
  attempts: z.number(),
  sold: z.number().nullable(),
  tps: z.number().nullable(),
  p99Ms: z.number().nullable(),
});

/**
 * The summary of every run. It holds nothing that the records do not, so it
 * keeps SQLite's rollback journal: one small write a run gains nothing from a
 * write-ahead log, whose side files would have to be moved along with it.
 */
export class SummaryDatabase {
  readonly #database: Database.Database;

  /** @throws SqliteError; SQLITE_NOTADB or SQLITE_CORRUPT when the file is damaged. Such a file is left as it is. */
  constructor(file: string) {
    this.#database = new Database(file, { timeout: PATIENCE_MS });
    try {
      if (this.#version() < VERSION) this.#create();
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  ids(): Set<string> {
    return new Set(z.array(z.string()).parse(this.#database.prepare("SELECT id FROM runs").pluck().all()));
  }

  /** Adds runs in one transaction; a run that is known already stays as it is. */
  add(summaries: readonly RunSummary[]): void {
    const insert = this.#database.prepare(
      `INSERT OR IGNORE INTO runs (${COLUMNS.join(", ")}) VALUES (${COLUMNS.map((column) => `@${column}`).join(", ")})`,
    );
    const insertAll = this.#database.transaction(() => {
      for (const summary of summaries) insert.run(summary);
    });
    insertAll.immediate();
  }

  /** The latest runs, newest first. */
  latest(limit: number): RunSummary[] {
    return z.array(ROW).parse(this.#database.prepare("SELECT * FROM runs ORDER BY id DESC LIMIT ?").all(limit));
  }

  close(): void {
    this.#database.close();
  }

  /** @returns the version of a database of ours, 0 for an empty one */
  #version(): number {
    const said = String(this.#database.pragma("quick_check(1)", { simple: true }));
    if (said !== "ok") throw new ForeignDatabase(said);
    const version = Number(this.#database.pragma("user_version", { simple: true }));
    if (version > VERSION) throw new ForeignDatabase(`version ${String(version)}, made by a later lockbench`);
    const tables = Number(this.#database.prepare("SELECT count(*) FROM sqlite_master").pluck().get());
    if (version === 0 && tables > 0) throw new ForeignDatabase("tables of another program");
    return version;
  }

  /** In one transaction, so that a second lockbench never sees a table without its version. */
  #create(): void {
    const create = this.#database.transaction(() => {
      this.#database.exec(SCHEMA);
      this.#database.pragma(`user_version = ${String(VERSION)}`);
    });
    create.immediate();
  }
}

/** The file opens, but what is in it is damaged or not ours. */
export class ForeignDatabase extends Error {
  override readonly name = "ForeignDatabase";
}
