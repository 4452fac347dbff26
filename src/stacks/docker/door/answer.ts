import Database from "better-sqlite3";
import type { BoundStatement, DoorAnswer, DoorRequest } from "./protocol.ts";

const BUSY_WITHIN_MS = 5000;
const NOTHING = Buffer.alloc(0);
/** Where a database says which journal it keeps: 2 is WAL, 1 a journal that is deleted. */
const JOURNAL_BYTES = [18, 19];

interface Answered {
  readonly answer: DoorAnswer;
  readonly bytes: Buffer;
}

/** Does what is asked. What goes wrong is an answer too. */
export function answerTo(request: DoorRequest): Answered {
  const { id } = request;
  try {
    const bytes = request.want === "copy" ? copyOf(request.file) : change(request.file, request.statements);
    return { answer: { id, bytes: bytes.length }, bytes };
  } catch (error) {
    return { answer: { id, error: error instanceof Error ? error.message : String(error) }, bytes: NOTHING };
  }
}

/** The database as one read transaction sees it, with what still lies in its write-ahead log. */
function copyOf(file: string): Buffer {
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_WITHIN_MS });
  try {
    const copy = database.transaction(() => {
      database.prepare("SELECT count(*) FROM sqlite_master").get();
      return database.serialize();
    })();
    // The copy has no write-ahead log beside it, and may lie where none can be made.
    for (const place of JOURNAL_BYTES) if (copy.length > place) copy[place] = 1;
    return copy;
  } finally {
    database.close();
  }
}

function change(file: string, statements: readonly BoundStatement[]): Buffer {
  const database = new Database(file, { fileMustExist: true, timeout: BUSY_WITHIN_MS });
  try {
    database.transaction(() => {
      for (const { sql, values } of statements) database.prepare(sql).run(values);
    })();
    return NOTHING;
  } finally {
    database.close();
  }
}
