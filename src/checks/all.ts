import type { Plan } from "../domain/plan.ts";
import type { Check } from "./check.ts";
import { contention } from "./contention.ts";
import { doublePurchase } from "./double-purchase.ts";
import { exactSales } from "./exact-sales.ts";
import { falseSoldOut } from "./false-sold-out.ts";
import { firstCome } from "./first-come.ts";
import { liveness } from "./liveness.ts";
import { lostUpdate } from "./lost-update.ts";
import { oversold } from "./oversold.ts";
import { receipts } from "./receipts.ts";
import { stockMismatch } from "./stock-mismatch.ts";
import { thresholdChecks } from "./thresholds.ts";

/** Every check that a run may face, in the order of the table. */
export const ALL_CHECKS: readonly Check[] = [
  oversold,
  exactSales,
  stockMismatch,
  receipts,
  doublePurchase,
  falseSoldOut,
  firstCome,
  lostUpdate,
  liveness,
  contention,
];

/** All checks, and one for each threshold that the scenario sets. */
export function checksFor(plan: Plan): readonly Check[] {
  return [...ALL_CHECKS, ...thresholdChecks(plan)];
}
