import type { Plan } from "../domain/plan.ts";
import type { Check } from "./check.ts";
import { breaker } from "./breaker.ts";
import { contention } from "./contention.ts";
import { deadlock } from "./deadlock.ts";
import { doublePurchase } from "./double-purchase.ts";
import { exactSales } from "./exact-sales.ts";
import { falseSoldOut } from "./false-sold-out.ts";
import { faults } from "./faults.ts";
import { fencing } from "./fencing.ts";
import { firstCome } from "./first-come.ts";
import { foreignRelease } from "./foreign-release.ts";
import { leakedLock } from "./leaked-lock.ts";
import { liveness } from "./liveness.ts";
import { lostUpdate } from "./lost-update.ts";
import { mutualExclusion } from "./mutual-exclusion.ts";
import { oversold } from "./oversold.ts";
import { receipts } from "./receipts.ts";
import { recovery } from "./recovery.ts";
import { refusalP99 } from "./refusal-p99.ts";
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
  mutualExclusion,
  fencing,
  foreignRelease,
  leakedLock,
  deadlock,
  breaker,
  liveness,
  recovery,
  contention,
  faults,
  refusalP99,
];

/** All checks, and one for each threshold that the scenario sets. */
export function checksFor(plan: Plan): readonly Check[] {
  return [...ALL_CHECKS, ...thresholdChecks(plan)];
}
