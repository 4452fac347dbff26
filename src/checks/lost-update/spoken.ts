import type { Plan } from "../../domain/plan.ts";
import type { Case } from "../check.ts";
import { settledRows } from "../witnesses.ts";

/**
 * False where nobody has said what remained, and nobody was to: every order is a
 * basket, of which the answer's one number says nothing, and the rows, read at
 * rest, have no such column. A scenario that names the column waits for it.
 */
export function levelsAreSpokenOf({ plan, truth }: Case): boolean {
  if (plan.load.orders.some(({ lines }) => lines.length < 2) || rowsAreToSayIt(plan)) return true;
  if (plan.target.purchaseProbe === null) return false;
  const rows = settledRows(truth);
  if (rows === null || rows.length === 0) return true;
  for (let row = 0; row < rows.length; row += 1) if (Number.isFinite(rows.remaining(row))) return true;
  return false;
}

function rowsAreToSayIt({ target: { purchaseProbe } }: Plan): boolean {
  if (purchaseProbe === null) return false;
  return purchaseProbe.kind === "http"
    ? purchaseProbe.fields["remaining"] !== undefined
    : /\bremaining\b/i.test(purchaseProbe.query);
}
