import { arch, availableParallelism, platform } from "node:os";
import type { Keeper, Tools } from "../run/tools.ts";
import { noteRun } from "../stacks/sessions/manage.ts";
import { runtimeOf } from "../stacks/sessions/runtime.ts";
import type { StackProvider } from "../stacks/stack.ts";
import type { Context } from "./context.ts";

/** The tools of a run. What only the load and the judgement need is loaded while the servers come up on another core. */
export function createTools(context: Context, keeper: Keeper, stack: StackProvider): Tools {
  const runtime = runtimeOf(context.host);
  const registry = once(() => import("./registry.ts"));
  return {
    clock: context.host.clock,
    stack: loadingMeanwhile(stack, registry),
    engine: { name: "autocannon", fire: async (job) => (await registry()).engine.fire(job) },
    keeper,
    seed: async (step, plan) => (await registry()).seedFor(step, plan),
    stockProbes: async (plan, target) => (await registry()).stockProbesFor(plan, target),
    purchaseProbe: async (plan, target) => (await registry()).purchaseProbeFor(plan, target),
    faults: async (plan, stack) => (await registry()).faultsFor(plan, stack),
    locks: async (plan, nodes) => (await registry()).readLocks(plan, nodes),
    checksFor: async (plan) => (await registry()).checksFor(plan),
    redisVersion: async (nodes) => (await registry()).redisVersion(nodes),
    noteRun: (stack, run) => {
      noteRun(runtime, stack.id, run);
    },
    machine: {
      lockbench: context.version,
      node: context.host.nodeVersion,
      platform: `${platform()} ${arch()}`,
      cores: availableParallelism(),
    },
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}

function loadingMeanwhile(stack: StackProvider, load: () => Promise<unknown>): StackProvider {
  return {
    ...stack,
    up: (plan, options) => {
      const up = stack.up(plan, options);
      // Whoever needs it next is told if it cannot be loaded.
      load().catch(() => undefined);
      return up;
    },
  };
}
