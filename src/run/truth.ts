import { attemptByBuyer } from "../domain/buyer-index.ts";
import type { History } from "../domain/history.ts";
import { outcomeCode } from "../domain/outcome.ts";
import type { Plan } from "../domain/plan.ts";
import { Purchases, type RowContext } from "../domain/purchases.ts";
import type { Truth } from "../domain/truth.ts";
import { settle } from "./settle.ts";
import type { Clock } from "../host/clock.ts";
import type { EvidenceFolder } from "./tools.ts";
import type { Snapshot, Witnesses } from "./witnesses.ts";

export interface TruthOptions {
  readonly plan: Plan;
  readonly history: History;
  readonly witnesses: Witnesses;
  readonly folder: EvidenceFolder;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** True when a part of the stack has died. */
  readonly broken: () => Promise<boolean>;
}

export interface TruthReading {
  readonly truth: Truth;
  /** Probes that could not be read, a line each. */
  readonly unreachable: readonly string[];
}

/** Waits until the dust has settled and reads all witnesses, keeping every row as evidence. */
export async function readTruth(options: TruthOptions): Promise<TruthReading> {
  const { plan, history, witnesses, clock, signal } = options;
  const settled = await settle(() => witnesses.snapshot(), {
    demands: plan.demands.settle,
    clock,
    signal,
    agrees: agreement(plan, history),
    hopeless: options.broken,
  });
  const purchases = settled.snapshot.rows === null ? null : await readPurchases(options);
  options.folder.stock(settled.snapshot.stock);
  const changed = purchases !== null && purchases.length !== settled.snapshot.rows;
  return {
    truth: {
      settled: settled.settled && !changed,
      settledAfterMs: settled.afterMs,
      stock: settled.snapshot.stock,
      purchases,
    },
    unreachable: settled.snapshot.unreachable,
  };
}

/** How rows are tied to the attempts of a run. */
export function rowContext(plan: Plan, run: string, history: History): RowContext {
  return { run, products: plan.products.map(({ id }) => id), attemptOfBuyer: attemptByBuyer(history) };
}

async function readPurchases({ plan, history, witnesses, folder }: TruthOptions): Promise<Purchases> {
  const purchases = new Purchases(rowContext(plan, folder.id, history));
  for await (const row of witnesses.rows()) {
    folder.purchase(row);
    purchases.add(row);
  }
  return purchases;
}

/**
 * Whether nobody is still unanswered, everybody who was told "sold" has a row
 * by now, and every witness of the stock has followed.
 */
function agreement(plan: Plan, history: History): (snapshot: Snapshot) => boolean {
  const { lines, units, unknown } = promises(plan, history);
  const soldUnits = units.reduce((sum, own) => sum + own, 0);
  const left = plan.products.map(({ stock }, product) => stock - (units[product] ?? 0));
  return ({ rows, stock }) =>
    unknown === 0 &&
    // A shop may write a row for each line, or for each unit.
    (rows === null || rows === lines || rows === soldUnits) &&
    stock.every((reading) => reading.units === left[reading.product]);
}

/** What the buyers were promised: lines of orders, and units of each product. */
function promises(plan: Plan, history: History): { lines: number; units: readonly number[]; unknown: number } {
  const units = plan.products.map(() => 0);
  let lines = 0;
  let unknown = 0;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const code = history.outcomeCode(attempt);
    if (code === outcomeCode.unknown) unknown += 1;
    if (code !== outcomeCode.sold) continue;
    for (const { product, quantity } of plan.load.orders[history.order(attempt)]?.lines ?? []) {
      lines += 1;
      units[product] = (units[product] ?? 0) + quantity;
    }
  }
  return { lines, units, unknown };
}
