import Database from "better-sqlite3";

/** How long a statement waits for another process's write lock, in ms. It blocks this whole process, so it is short. */
const BUSY_TIMEOUT_MS = 500;
const OPENING_MS = 5000;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS products (
  id    TEXT PRIMARY KEY,
  stock INTEGER NOT NULL,
  fence INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS purchases (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  sale          TEXT NOT NULL,
  buyer         TEXT NOT NULL,
  product       TEXT NOT NULL,
  quantity      INTEGER NOT NULL,
  key           TEXT,
  remaining     INTEGER NOT NULL,
  fencing_token INTEGER,
  arrived_at_ns TEXT NOT NULL,
  granted_at_ns TEXT,
  created_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  UNIQUE (key, product)
);
CREATE INDEX IF NOT EXISTS purchases_by_sale ON purchases (sale);
CREATE TABLE IF NOT EXISTS voided_sales (
  sale TEXT PRIMARY KEY
) WITHOUT ROWID;
`;

/**
 * Opens the database and creates what is missing. Replicas that start at once
 * wait for each other.
 * @throws SqliteError when the file cannot be opened or is no database
 */
export function openDatabase(file: string): Database.Database {
  const database = new Database(file, { timeout: OPENING_MS });
  try {
    patiently(() => database.pragma("journal_mode = WAL"));
    database.pragma("synchronous = NORMAL");
    database.transaction(() => database.exec(SCHEMA)).immediate();
    database.pragma(`busy_timeout = ${String(BUSY_TIMEOUT_MS)}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Changing the journal mode does not wait for a lock as other statements do. */
function patiently(change: () => unknown): void {
  const deadline = performance.now() + OPENING_MS;
  for (;;) {
    try {
      change();
      return;
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!busy || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
