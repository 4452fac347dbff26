import { attemptByBuyer } from "../domain/buyer-index.ts";
import { messageOf } from "../domain/errors.ts";
import type { History } from "../domain/history.ts";
import type { Plan } from "../domain/plan.ts";
import { Purchases, type RowContext } from "../domain/purchases.ts";
import type { LockReading, Truth } from "../domain/truth.ts";
import { agreement } from "./agreement.ts";
import { settle, type Settled } from "./settle.ts";
import type { Clock } from "../host/clock.ts";
import type { EvidenceFolder } from "./tools.ts";
import type { Witnesses } from "./witnesses.ts";

export interface TruthOptions {
  readonly plan: Plan;
  readonly history: History;
  readonly witnesses: Witnesses;
  readonly folder: EvidenceFolder;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** When the last fault was healed, in ns on the history's clock; NaN without any. */
  readonly healedAt: number;
  readonly locks: () => Promise<readonly LockReading[] | null>;
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
  const { exact, possible } = agreement(plan, history);
  const settled = await settle(() => witnesses.snapshot(), {
    demands: plan.demands.settle,
    clock,
    signal,
    agrees: exact,
    consistent: possible,
    hopeless: options.broken,
  });
  const { locks, silent } = await readLocks(options);
  const purchases = settled.snapshot.rows === null ? null : await readPurchases(options);
  options.folder.stock(settled.snapshot.stock);
  const changed = purchases !== null && purchases.length !== settled.snapshot.rows;
  return {
    truth: {
      settled: settled.settled && !changed,
      settledAfterMs: settled.afterMs,
      stock: settled.snapshot.stock,
      purchases,
      locks,
      agreedAfterMs: changed ? null : agreedAfterMs(options, settled),
    },
    unreachable: [...settled.snapshot.unreachable, ...silent],
  };
}

async function readLocks({ locks, folder }: TruthOptions): Promise<{
  readonly locks: readonly LockReading[] | null;
  readonly silent: readonly string[];
}> {
  try {
    const found = await locks();
    if (found !== null) folder.locks(found);
    return { locks: found, silent: [] };
  } catch (error) {
    return { locks: null, silent: [`locks: ${messageOf(error)}`] };
  }
}

const NS_PER_MS = 1e6;

/** From the last answer, or from the last healing if that was later. */
function agreedAfterMs({ history, healedAt }: TruthOptions, { agreedAt }: Settled): number | null {
  if (agreedAt === null) return null;
  let since = Number.isNaN(healedAt) ? 0 : healedAt;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    if (history.endedAt(attempt) > since) since = history.endedAt(attempt);
  }
  return Math.max(0, agreedAt - Number(history.originNs) / NS_PER_MS - since / NS_PER_MS);
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
