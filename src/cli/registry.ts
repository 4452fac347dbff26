/**
 * The one place that knows concrete engines, probes, seeds and checks: a new one is one file and one line here.
 * It is heavy to load, so `tools.ts` loads it while the stack comes up.
 */
import { checksFor } from "../checks/all.ts";
import type { Plan, PurchaseProbePlan, SeedPlan, StockProbePlan } from "../domain/plan.ts";
import { autocannonEngine } from "../engines/autocannon.ts";
import { httpPurchaseProbe, httpStockProbe } from "../probes/http.ts";
import type { ProbeTarget, PurchaseProbe, StockProbe } from "../probes/probe.ts";
import { redisStockProbe } from "../probes/redis.ts";
import { heldLocks } from "../probes/redis-locks.ts";
import { redisVersion } from "../probes/redis-version.ts";
import { sqlitePurchaseProbe, sqliteStockProbe } from "../probes/sqlite.ts";
import { commandSeed } from "../seeds/command.ts";
import { httpSeed } from "../seeds/http.ts";
import { redisSeed } from "../seeds/redis.ts";
import type { Seed } from "../seeds/seed.ts";
import { sqliteSeed } from "../seeds/sqlite.ts";

export { autocannonEngine as engine, checksFor, heldLocks, redisVersion };

export function seedFor(step: SeedPlan, plan: Plan): Seed {
  switch (step.kind) {
    case "redis":
      return redisSeed(step);
    case "sqlite":
      return sqliteSeed(step);
    case "http":
      return httpSeed(step);
    case "command":
      return commandSeed(step, plan.folder);
  }
}

export function stockProbesFor(plan: Plan, target: ProbeTarget): readonly StockProbe[] {
  return plan.target.stockProbes.map((probe) => stockProbeOf(probe, target));
}

export function purchaseProbeFor(plan: Plan, target: ProbeTarget): PurchaseProbe | null {
  const probe = plan.target.purchaseProbe;
  return probe === null ? null : purchaseProbeOf(probe, target, onlyProduct(plan));
}

function stockProbeOf(probe: StockProbePlan, target: ProbeTarget): StockProbe {
  switch (probe.kind) {
    case "redis":
      return redisStockProbe(probe, target);
    case "sqlite":
      return sqliteStockProbe(probe, target);
    case "http":
      return httpStockProbe(probe, target);
  }
}

function purchaseProbeOf(probe: PurchaseProbePlan, target: ProbeTarget, product: string | undefined): PurchaseProbe {
  switch (probe.kind) {
    case "sqlite":
      return sqlitePurchaseProbe(probe, target, product);
    case "http":
      return httpPurchaseProbe(probe, target, product);
  }
}

/** Rows that name no product are of this one. */
function onlyProduct(plan: Plan): string | undefined {
  return plan.products.length === 1 ? plan.products[0]?.id : undefined;
}
