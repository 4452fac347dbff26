import type { PurchaseProbePlan, StockProbePlan } from "../domain/plan.ts";
import { textOf, unitsFrom } from "../domain/units.ts";
import type { ProbeTarget, PurchaseProbe, StockProbe } from "./probe.ts";
import { purchaseRow, type RawRow } from "./rows.ts";
import { prepare, sqliteFile } from "./sqlite-file.ts";

/** Reads the stock column of a product with the scenario's query; the first column of the first row counts. */
export function sqliteStockProbe(plan: Extract<StockProbePlan, { kind: "sqlite" }>, target: ProbeTarget): StockProbe {
  const file = sqliteFile(plan.file, plan.query, target);
  return {
    async read(product) {
      const { database, release } = await file.now();
      try {
        const value: unknown = prepare(database, plan.query).pluck().get(needs(plan.query, { product }));
        const said = value === undefined ? "no such row" : textOf(value);
        return [{ source: plan.name, units: unitsFrom(value), said }];
      } finally {
        release();
      }
    },
    close() {
      file.close();
      return Promise.resolve();
    },
  };
}

/** Reads the purchase rows in the order of the scenario's query. */
export function sqlitePurchaseProbe(
  plan: Extract<PurchaseProbePlan, { kind: "sqlite" }>,
  target: ProbeTarget,
  onlyProduct: string | undefined,
): PurchaseProbe {
  const file = sqliteFile(plan.file, plan.query, target);
  const counting = `SELECT count(*) FROM (${plan.query.replace(/;\s*$/, "")})`;
  return {
    async count() {
      const { database, release } = await file.now();
      try {
        return Number(prepare(database, counting).pluck().get());
      } finally {
        release();
      }
    },
    async *rows() {
      const { database, release } = await file.now();
      try {
        let place = 0;
        for (const row of prepare(database, plan.query).iterate())
          yield purchaseRow(row as RawRow, place++, onlyProduct);
      } finally {
        release();
      }
    },
    close() {
      file.close();
      return Promise.resolve();
    },
  };
}

/** better-sqlite3 refuses parameters that the query does not name. */
function needs(query: string, parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => query.includes(`:${name}`)));
}
