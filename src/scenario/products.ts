import type { ProductPlan } from "../domain/plan.ts";
import type { ScenarioSpec } from "./schema/scenario.ts";

/** `{count: 3, stock: 5}` written out: products "1", "2" and "3". */
export function productPlans(spec: ScenarioSpec["products"]): readonly ProductPlan[] {
  if ("count" in spec) {
    return Array.from({ length: spec.count }, (_, place) => ({ id: String(place + 1), stock: spec.stock }));
  }
  return spec;
}
