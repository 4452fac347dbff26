import type { ProductPlan } from "../domain/plan.ts";
import { placeholders, type Template, type Variables } from "../domain/template.ts";

/** The variables of each turn of a step: one for each product if the step names a product or its stock, else one. */
export function turns(step: Template, variables: Variables, products: readonly ProductPlan[]): Variables[] {
  const perProduct = placeholders(step).some((name) => name === "product" || name === "stock");
  if (!perProduct) return [variables];
  return products.map(({ id, stock }) => ({ ...variables, product: id, stock }));
}
