import { messageOf } from "../domain/errors.ts";
import type { FaultRecord } from "../domain/fault.ts";
import type { Plan } from "../domain/plan.ts";
import { seededRandom } from "../domain/random.ts";
import type { WireLog } from "../domain/wire.ts";
import type { LoadProgress, LoadResult } from "../engines/engine.ts";
import type { RunningStack } from "../stacks/stack.ts";
import { FaultRunner } from "./fault-runner.ts";
import type { Scope } from "./scope.ts";
import type { Tools } from "./tools.ts";

/** The load of a run, and what was broken meanwhile. */
export interface Sale {
  readonly load: LoadResult;
  readonly faults: readonly FaultRecord[];
  /** Faults that could not be injected or undone, a line each. */
  readonly incidents: readonly string[];
}

export interface SaleOptions {
  readonly plan: Plan;
  readonly tools: Tools;
  readonly stack: RunningStack;
  readonly scope: Scope;
  readonly fire: (progress: (soFar: LoadProgress) => void) => Promise<LoadResult>;
  readonly onProgress: (soFar: LoadProgress) => void;
  /** The load has ended, and faults are about to be undone. */
  readonly onHealing: () => void;
}

/** Fires the load while the faults of the plan come and go; returns when all of them are undone. */
export async function sell({ plan, tools, stack, scope, fire, onProgress, onHealing }: SaleOptions): Promise<Sale> {
  const runner = new FaultRunner({
    plans: plan.faults,
    faults: await tools.faults(plan, stack),
    units: plan.products.reduce((sum, { stock }) => sum + stock, 0),
    clock: tools.clock,
    random: seededRandom(plan.seed),
    inFault: (inForce) => stack.controls?.inFault(inForce),
  });
  scope.defer(() => stack.controls?.wire?.close());
  // Whatever becomes of the load: before the stack goes down, or is left to others, it is whole again.
  scope.defer(() => runner.end());
  await stack.controls?.wire?.begin();
  const load = await fire((soFar) => {
    runner.progress(soFar);
    onProgress(soFar);
  });
  if (plan.faults.length > 0) onHealing();
  await runner.end();
  return { load, faults: runner.records(load.history.originNs), incidents: runner.incidents };
}

/** What passed over the wire; null without a tap. A tap that does not answer is an incident. */
export async function readWire(
  { controls }: RunningStack,
  originNs: bigint,
): Promise<{ readonly wire: WireLog | null; readonly incidents: readonly string[] }> {
  try {
    return { wire: (await controls?.wire?.read(originNs)) ?? null, incidents: [] };
  } catch (error) {
    return { wire: null, incidents: [`the wire tap could not be read: ${messageOf(error)}`] };
  }
}
