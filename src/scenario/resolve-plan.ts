import { usageError } from "../domain/errors.ts";
import type { LoadPlan, Plan, ProductPlan, StackPlan, TargetPlan } from "../domain/plan.ts";
import { fill, fillAll } from "../domain/template.ts";
import { demandsOf, unitsOfEach } from "./demands.ts";
import { type Crew, faultPlans } from "./faults.ts";
import { ordersOf } from "./orders.ts";
import { checkOverrides, type Overrides } from "./overrides.ts";
import { productPlans } from "./products.ts";
import type { Scenario } from "./scenario.ts";

/**
 * A scenario with overrides applied: all that a run needs to know.
 * @param overrides flags over environment variables, already merged
 * @throws LockbenchError (exit 2) when this scenario cannot bear an override
 */
export function resolvePlan(scenario: Scenario, overrides: Overrides = {}): Plan {
  checkOverrides(scenario, overrides);
  const { spec } = scenario;
  const asWritten = overrides.users === undefined && overrides.stock === undefined;
  const seed = overrides.seed ?? spec.seed;
  const products = productPlans(spec.products).map(({ id, stock }) => ({ id, stock: overrides.stock ?? stock }));
  requireWholeOrders(products, spec.load, asWritten && spec.expect.sold !== undefined);
  const load = loadPlan(scenario, overrides, products, seed);
  const lock = overrides.lock ?? spec.lock ?? scenario.target.locks[0] ?? null;
  const stack = stackPlan(scenario, overrides);
  return {
    scenario: scenario.name,
    title: spec.title,
    folder: scenario.folder,
    tags: spec.tags,
    stack,
    target: withLock(scenario.target, lock),
    products,
    load,
    lock,
    demands: demandsOf(scenario, load, products, asWritten),
    faults: faultPlans(spec.faults, crewOf(scenario, stack), seed),
    seed,
    control: controlPlan(scenario),
  };
}

function requireWholeOrders(
  products: readonly ProductPlan[],
  { quantity, basket }: Scenario["spec"]["load"],
  soldIsGiven: boolean,
): void {
  const odd = products.find(({ stock }) => stock % quantity !== 0);
  if (odd === undefined || soldIsGiven || basket !== undefined) return;
  throw usageError(`--stock: expected ${unitsOfEach(quantity)}, found ${String(odd.stock)}`);
}

function loadPlan({ spec }: Scenario, overrides: Overrides, products: readonly ProductPlan[], seed: number): LoadPlan {
  const buyers = overrides.users ?? spec.load.buyers;
  const runTimeMs = overrides.runTime ?? spec.load.run_time ?? null;
  const { retry } = spec.load;
  return {
    buyers,
    spawnRate: overrides.spawnRate ?? spec.load.spawn_rate ?? null,
    runTimeMs,
    timeoutMs: spec.load.timeout,
    buyersRepeat: spec.load.buyers_repeat,
    retry: retry === undefined ? null : { pauseMs: retry.pause, withinMs: retry.within },
    ...ordersOf(spec.load, { buyers, sustained: runTimeMs !== null, products, seed }),
  };
}

function stackPlan({ spec, target }: Scenario, overrides: Overrides): StackPlan {
  const redis = spec.stack.redis ?? (target.start === null ? 0 : 1);
  const breakable = spec.faults.length > 0 && typeof redis === "number" && redis > 0 && target.start !== null;
  return {
    redisNodes: typeof redis === "number" ? redis : 0,
    externalRedis: typeof redis === "number" ? [] : redis.external,
    replicas: overrides.replicas ?? spec.stack.replicas,
    port: overrides.port ?? spec.stack.port ?? null,
    tap: spec.stack.tap ?? breakable,
    tapForFaults: spec.stack.tap === undefined && breakable,
  };
}

/** What lockbench starts, and may therefore break. */
function crewOf({ target }: Scenario, { redisNodes, replicas }: StackPlan): Crew {
  return { nodes: redisNodes, servers: target.start === null ? 0 : replicas };
}

/** The load generator knows nothing of locks: what a request says of them is filled in here. */
function withLock(target: TargetPlan, lock: string | null): TargetPlan {
  if (lock === null) return target;
  const { purchase } = target;
  const headers = Object.entries(purchase.headers).map(([name, value]) => [name, fill(value, { lock })] as const);
  return {
    ...target,
    purchase: {
      ...purchase,
      path: fill(purchase.path, { lock }),
      headers: Object.fromEntries(headers),
      body: fillAll(purchase.body, { lock }),
      items: fillAll(purchase.items, { lock }),
    },
  };
}

function controlPlan({ spec: { control } }: Scenario): Plan["control"] {
  if (control === undefined) return null;
  const { flaw, check, verdict, run, must_not_fail: mustNotFail } = control;
  return { flaw, check, verdict, run, mustNotFail };
}
