import type { TargetPlan } from "../domain/plan.ts";
import type { ScenarioSpec } from "./schema/scenario.ts";

/** A scenario as its file says it: valid, with defaults, before any override. */
export interface Scenario {
  readonly name: string;
  readonly file: string;
  readonly folder: string;
  readonly spec: Omit<ScenarioSpec, "target">;
  /** The contract with the shop, paths made absolute. */
  readonly target: TargetPlan;
}
