import type { Check } from "../checks/check.ts";
import type { FaultRecord } from "../domain/fault.ts";
import type { Finding } from "../domain/finding.ts";
import type { History } from "../domain/history.ts";
import type { Plan } from "../domain/plan.ts";
import { Purchases, type PurchaseRow } from "../domain/purchases.ts";
import type { RunRecord } from "../domain/record.ts";
import { remarksOn } from "../domain/remark.ts";
import type { LockReading, StockReading, Truth } from "../domain/truth.ts";
import type { WireLog } from "../domain/wire.ts";
import { concludeRun } from "../domain/verdict.ts";
import { isBehindProxy, judge } from "./judge.ts";
import { summarizeFaults, summarizeTruth } from "./summary.ts";
import { rowContext } from "./truth.ts";

/** What is left of a run: its record, its answers, and what the witnesses say of it. */
export interface Remains {
  readonly record: RunRecord;
  readonly plan: Plan;
  /** What idempotency keys of this run begin with. */
  readonly run: string;
  readonly history: History;
  readonly purchases: readonly PurchaseRow[] | null;
  readonly stock: readonly StockReading[];
  readonly locks: readonly LockReading[] | null;
  readonly faults: readonly FaultRecord[];
  readonly wire: WireLog | null;
}

/**
 * Judges a run again from what is left of it, with nothing taken from the old judgement.
 * @param more findings that only the remains themselves can give, such as whether they are intact
 * @returns the old record with the new checks, figures, truth, remarks and verdict
 */
export function rejudge(remains: Remains, checks: readonly Check[], more: readonly Finding[]): RunRecord {
  const { record, plan, run, history, stock, locks, faults, wire } = remains;
  const purchases =
    remains.purchases === null ? null : Purchases.from(remains.purchases, rowContext(plan, run, history));
  const { settled, settledAfterMs, agreedAfterMs } = record.truth;
  const truth: Truth = { settled, settledAfterMs, stock, purchases, locks, agreedAfterMs };
  const { generatorCpuPercent } = record.metrics;
  const behindProxy = isBehindProxy(record.environment.stack);
  const {
    metrics,
    checks: findings,
    remarks,
  } = judge({ plan, history, truth, generatorCpuPercent, behindProxy, wire, faults }, checks);
  const all = [...findings, ...more];
  const others = record.remarks.filter(({ about }) => about !== "judgement");
  return {
    ...record,
    ...concludeRun(all, record),
    checks: all,
    metrics,
    truth: summarizeTruth(plan, truth),
    faults: summarizeFaults(plan, faults),
    remarks: [...others, ...remarksOn("judgement", remarks)],
  };
}
