import { type Check, judgeWhatShows } from "../checks/check.ts";
import { computeMetrics } from "../domain/compute-metrics.ts";
import type { FaultRecord } from "../domain/fault.ts";
import type { History } from "../domain/history.ts";
import type { Plan } from "../domain/plan.ts";
import type { Truth } from "../domain/truth.ts";
import type { WireLog } from "../domain/wire.ts";
import type { Judgement } from "./tools.ts";

export interface JudgedRun {
  readonly plan: Plan;
  readonly history: History;
  readonly truth: Truth;
  readonly generatorCpuPercent: number | null;
  readonly behindProxy: boolean;
  readonly wire: WireLog | null;
  readonly faults: readonly FaultRecord[];
}

/** The engine publishes a container's port through a proxy of its own. */
export function isBehindProxy(stack: string): boolean {
  return stack === "docker";
}

/** Computes the figures and asks every check; used by a run and again by `verify`. */
export function judge(run: JudgedRun, checks: readonly Check[]): Judgement {
  const metrics = computeMetrics(run.history, { ...run, purchases: run.truth.purchases });
  return { metrics, ...judgeWhatShows(checks, { ...run, metrics }) };
}
