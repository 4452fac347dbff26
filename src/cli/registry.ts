/**
 * The one place that knows concrete engines, faults, probes, seeds and checks: a new one is one file and one line here.
 * It is heavy to load, so `tools.ts` loads it while the stack comes up.
 */
import { checksFor } from "../checks/all.ts";
import { environmentError } from "../domain/errors.ts";
import type { Plan, PurchaseProbePlan, SeedPlan, StockProbePlan } from "../domain/plan.ts";
import { autocannonEngine } from "../engines/autocannon.ts";
import { clientPauseFault, pausesOf } from "../faults/client-pause.ts";
import type { Fault } from "../faults/fault.ts";
import { freezeFault, frozenBy } from "../faults/freeze.ts";
import { killFault } from "../faults/kill.ts";
import { latencyFault } from "../faults/latency.ts";
import { cutOffBy, networkPartitionFault, partitionFault } from "../faults/partition.ts";
import { scriptFlushFault } from "../faults/script-flush.ts";
import { WireRules } from "../faults/wire-rules.ts";
import { httpPurchaseProbe, httpStockProbe } from "../probes/http.ts";
import type { ProbeTarget, PurchaseProbe, StockProbe } from "../probes/probe.ts";
import { redisStockProbe } from "../probes/redis.ts";
import { heldLocks } from "../probes/redis-locks.ts";
import { readLocks } from "../probes/redis-lock-keys.ts";
import { redisVersion } from "../probes/redis-version.ts";
import { sqlitePurchaseProbe, sqliteStockProbe } from "../probes/sqlite.ts";
import { commandSeed } from "../seeds/command.ts";
import { httpSeed } from "../seeds/http.ts";
import { redisSeed } from "../seeds/redis.ts";
import type { Seed } from "../seeds/seed.ts";
import { sqliteSeed } from "../seeds/sqlite.ts";
import type { RunningStack } from "../stacks/stack.ts";

export { autocannonEngine as engine, checksFor, heldLocks, readLocks, redisVersion };

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

/** The faults of a plan, in its order. */
export function faultsFor(plan: Plan, { controls, redis }: RunningStack): readonly Fault[] {
  if (plan.faults.length === 0) return [];
  if (controls === null) throw cannotBreak("lockbench has started no service of this stack");
  const rules = controls.wire === null ? null : new WireRules(controls.wire);
  const frozen = frozenBy(controls);
  const paused = pausesOf(redis);
  const cutOff = controls.network === null ? null : cutOffBy(controls.network);
  return plan.faults.map(({ action }) => {
    switch (action.kind) {
      case "kill":
        return killFault(action, controls, [frozen, paused]);
      case "freeze":
        return freezeFault(action, controls, frozen);
      case "client_pause":
        return clientPauseFault(action, redis, controls, paused);
      case "script_flush":
        return scriptFlushFault(action, redis);
      case "partition":
        if (rules !== null) return partitionFault(action, rules);
        if (cutOff !== null) return networkPartitionFault(action, cutOff, controls);
        throw cannotBreak("the stack has neither a wire tap nor a network of its own");
      case "latency":
        if (rules === null) throw cannotBreak("the stack has no wire tap");
        return latencyFault(action, rules);
    }
  });
}

function cannotBreak(why: string): Error {
  return environmentError("FAULT_IMPOSSIBLE", `faults cannot be injected: ${why}`, {
    hint: "leave `faults` out, or let lockbench start the shop (`target.start`)",
  });
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
