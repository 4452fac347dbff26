import { resolve } from "node:path";
import Database from "better-sqlite3";
import { environmentError, messageOf, usageError } from "../domain/errors.ts";
import type { PurchaseProbePlan, StockProbePlan } from "../domain/plan.ts";
import { fill } from "../domain/template.ts";
import { textOf, unitsFrom } from "../domain/units.ts";
import type { ProbeTarget, PurchaseProbe, StockProbe } from "./probe.ts";
import { purchaseRow, type RawRow } from "./rows.ts";

/** Reads the stock column of a product with the scenario's query; the first column of the first row counts. */
export function sqliteStockProbe(plan: Extract<StockProbePlan, { kind: "sqlite" }>, target: ProbeTarget): StockProbe {
  const database = open(plan.file, target);
  const query = prepare(database, plan.query).pluck();
  return {
    read: (product) => {
      const value: unknown = query.get(needs(plan.query, { product }));
      const said = value === undefined ? "no such row" : textOf(value);
      return Promise.resolve([{ source: plan.name, units: unitsFrom(value), said }]);
    },
    close: () => Promise.resolve(void database.close()),
  };
}

/** Reads the purchase rows in the order of the scenario's query. */
export function sqlitePurchaseProbe(
  plan: Extract<PurchaseProbePlan, { kind: "sqlite" }>,
  target: ProbeTarget,
  onlyProduct: string | undefined,
): PurchaseProbe {
  const database = open(plan.file, target);
  const query = prepare(database, plan.query);
  const count = prepare(database, `SELECT count(*) FROM (${plan.query.replace(/;\s*$/, "")})`).pluck();
  return {
    count: () => Promise.resolve(Number(count.get())),
    *rows() {
      let place = 0;
      for (const row of query.iterate()) yield purchaseRow(row as RawRow, place++, onlyProduct);
    },
    close: () => Promise.resolve(void database.close()),
  };
}

function open(file: string, target: ProbeTarget): Database.Database {
  const path = resolve(target.folder, fill(file, target.variables));
  try {
    return new Database(path, { readonly: true, fileMustExist: true, timeout: 2000 });
  } catch (error) {
    throw environmentError("PROBE_FAILED", `sqlite probe: cannot open ${path}: ${messageOf(error)}`, {
      hint: "check `file` of the probe: the server must have created the database by the time it is ready",
      cause: error,
    });
  }
}

function prepare(database: Database.Database, query: string): Database.Statement {
  try {
    return database.prepare(query);
  } catch (error) {
    throw usageError(
      `sqlite probe: the database refuses \`${query}\`: ${messageOf(error)}`,
      "correct the probe's query",
    );
  }
}

/** better-sqlite3 refuses parameters that the query does not name. */
function needs(query: string, parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => query.includes(`:${name}`)));
}
