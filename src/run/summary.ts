import type { Plan } from "../domain/plan.ts";
import { describeAction, faultTargets } from "../domain/describe-fault.ts";
import type { FaultRecord } from "../domain/fault.ts";
import type { Environment, FaultSummary, TruthSummary } from "../domain/record.ts";
import type { Truth } from "../domain/truth.ts";
import type { Tools } from "./tools.ts";

/** The truth in a few numbers for each product. */
export function summarizeTruth(plan: Plan, truth: Truth): TruthSummary {
  const { purchases } = truth;
  return {
    settled: truth.settled,
    settledAfterMs: truth.settledAfterMs,
    agreedAfterMs: truth.agreedAfterMs,
    products: plan.products.map(({ id, stock }, product) => ({
      product: id,
      initial: stock,
      sold: purchases?.units(product) ?? null,
      rows: purchases?.rowsOf(product) ?? null,
      stock: Object.fromEntries(
        truth.stock.filter((reading) => reading.product === product).map(({ source, units }) => [source, units]),
      ),
    })),
  };
}

const NS_PER_MS = 1e6;

/** What became of each fault of the plan. */
export function summarizeFaults(plan: Plan, records: readonly FaultRecord[]): readonly FaultSummary[] {
  return plan.faults.map(({ action }, place) => {
    const record = records.find(({ fault }) => fault === place);
    return {
      kind: action.kind,
      targets: faultTargets(action),
      what: describeAction(action),
      injectedMs: inMs(record?.injectedAt),
      healedMs: inMs(record?.healedAt),
      obstacle: record?.obstacle ?? null,
    };
  });
}

function inMs(ns: number | undefined): number | null {
  return ns === undefined || Number.isNaN(ns) ? null : ns / NS_PER_MS;
}

/** What the run ran on. */
export function describeEnvironment(plan: Plan, tools: Tools, stack: string, redis: string | null): Environment {
  return {
    ...tools.machine,
    redis,
    stack,
    lock: plan.lock,
    replicas: plan.stack.replicas,
    buyers: plan.load.buyers,
    stock: plan.products.reduce((sum, { stock }) => sum + stock, 0),
    seed: plan.seed,
  };
}
