import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../domain/errors.ts";
import type { DoctorLine } from "./report.ts";

const NAME = "results database";

/** Whether the summary of earlier runs can be read, which also tells whether SQLite works at all here. */
export async function resultsDatabase(resultsFolder: string): Promise<DoctorLine> {
  const open = await loadSqlite();
  if (typeof open === "string") {
    return {
      name: NAME,
      health: "missing",
      found: `SQLite cannot be loaded: ${open}`,
      advice: "type: npm rebuild better-sqlite3",
    };
  }
  const file = join(resultsFolder, "lockbench.db");
  if (!existsSync(file)) return { name: NAME, health: "ok", found: "no runs yet" };
  try {
    return { name: NAME, health: "ok", found: `${file}, ${open(file)}` };
  } catch (error) {
    const advice = `type: mv ${file} ${file}.corrupt; the next run rebuilds it from the records`;
    return { name: NAME, health: "missing", found: `${file} cannot be read: ${messageOf(error)}`, advice };
  }
}

/** A function that opens a database and describes it, or why there is none. */
async function loadSqlite(): Promise<((file: string) => string) | string> {
  try {
    // Loaded here and now: a native module that was not built must be a finding, not a crash.
    const { default: Database } = await import("better-sqlite3");
    new Database(":memory:").close();
    return (file) => {
      const database = new Database(file, { readonly: true, fileMustExist: true });
      try {
        const verdict = String(database.pragma("quick_check(1)", { simple: true }));
        if (verdict !== "ok") throw new Error(verdict);
        return "intact";
      } finally {
        database.close();
      }
    };
  } catch (error) {
    return messageOf(error);
  }
}
