import type { Plan } from "../domain/plan.ts";
import type { Environment, TruthSummary } from "../domain/record.ts";
import type { Truth } from "../domain/truth.ts";
import type { Tools } from "./tools.ts";

/** The truth in a few numbers for each product. */
export function summarizeTruth(plan: Plan, truth: Truth): TruthSummary {
  const { purchases } = truth;
  return {
    settled: truth.settled,
    settledAfterMs: truth.settledAfterMs,
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
