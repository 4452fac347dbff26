import { resolve } from "node:path";
import Database from "better-sqlite3";
import { environmentError, messageOf } from "../domain/errors.ts";
import type { ProductPlan, SeedPlan } from "../domain/plan.ts";
import { fill } from "../domain/template.ts";
import type { Seed } from "./seed.ts";

/** Runs statements on the shop's database. A statement that names `:product` or `:stock` is run for each product. */
export function sqliteSeed(plan: Extract<SeedPlan, { kind: "sqlite" }>): Seed {
  return {
    apply(target, products) {
      const path = resolve(target.folder, fill(plan.file, target.variables));
      try {
        const database = new Database(path, { fileMustExist: true, timeout: 5000 });
        try {
          // One transaction: a shop that reads meanwhile sees the old state or the new one.
          database.transaction(() => {
            for (const statement of plan.statements) runStatement(database, statement, products);
          })();
        } finally {
          database.close();
        }
      } catch (error) {
        throw environmentError("SEED_FAILED", `seeding ${path}: ${messageOf(error)}`, {
          hint: "check `file` and `statements` of the seed: the server must have created the tables by the time it is ready",
          cause: error,
        });
      }
      return Promise.resolve();
    },
  };
}

function runStatement(database: Database.Database, statement: string, products: readonly ProductPlan[]): void {
  const prepared = database.prepare(statement);
  const needed = (["product", "stock"] as const).filter((name) => statement.includes(`:${name}`));
  if (needed.length === 0) {
    prepared.run();
    return;
  }
  for (const { id, stock } of products) {
    const values = { product: id, stock };
    prepared.run(Object.fromEntries(needed.map((name) => [name, values[name]])));
  }
}
