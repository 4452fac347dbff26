import type { ProductPlan } from "../domain/plan.ts";
import type { ProbeTarget } from "../probes/probe.ts";

/** Puts the shop into the known state from which a run starts. */
export interface Seed {
  /** A step that names `${product}` or `${stock}` is done once for each product, otherwise once. */
  apply(target: ProbeTarget, products: readonly ProductPlan[]): Promise<void>;
}
