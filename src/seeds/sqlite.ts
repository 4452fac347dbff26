import { resolve } from "node:path";
import Database from "better-sqlite3";
import { environmentError, messageOf } from "../domain/errors.ts";
import type { ProductPlan, SeedPlan } from "../domain/plan.ts";
import { fill } from "../domain/template.ts";
import type { BoundStatement } from "../stacks/stack.ts";
import type { Seed } from "./seed.ts";

const BUSY_WITHIN_MS = 5000;

/** Runs statements on the shop's database. A statement that names `:product` or `:stock` is run for each product. */
export function sqliteSeed(plan: Extract<SeedPlan, { kind: "sqlite" }>): Seed {
  return {
    async apply({ folder, variables, databases }, products) {
      const file = fill(plan.file, variables);
      const path = databases === null ? resolve(folder, file) : file;
      const statements = plan.statements.flatMap((sql) => bind(sql, products));
      try {
        if (databases === null) change(path, statements);
        else await databases.change(path, statements);
      } catch (error) {
        throw environmentError("SEED_FAILED", `seeding ${path}: ${messageOf(error)}`, {
          hint: "check `file` and `statements` of the seed: the server must have created the tables by the time it is ready",
          cause: error,
        });
      }
    },
  };
}

/** One transaction: a shop that reads meanwhile sees the old state or the new one. */
function change(path: string, statements: readonly BoundStatement[]): void {
  const database = new Database(path, { fileMustExist: true, timeout: BUSY_WITHIN_MS });
  try {
    database.transaction(() => {
      for (const { sql, values } of statements) database.prepare(sql).run(values);
    })();
  } finally {
    database.close();
  }
}

/** better-sqlite3 refuses values that a statement does not name. */
function bind(sql: string, products: readonly ProductPlan[]): BoundStatement[] {
  const needed = (["product", "stock"] as const).filter((name) => sql.includes(`:${name}`));
  if (needed.length === 0) return [{ sql, values: {} }];
  return products.map(({ id, stock }) => {
    const values = { product: id, stock };
    return { sql, values: Object.fromEntries(needed.map((name) => [name, values[name]])) };
  });
}
