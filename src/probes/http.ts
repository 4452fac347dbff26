import { atPath } from "../domain/dotted-path.ts";
import { environmentError, messageOf } from "../domain/errors.ts";
import type { PurchaseProbePlan, StockProbePlan } from "../domain/plan.ts";
import { fill } from "../domain/template.ts";
import { unitsFrom } from "../domain/units.ts";
import type { ProbeTarget, PurchaseProbe, StockProbe } from "./probe.ts";
import { purchaseRow, ROW_FIELDS, type RawRow } from "./rows.ts";

const ANSWER_WITHIN_MS = 10_000;

/** Asks the shop itself how many units are left. */
export function httpStockProbe(plan: Extract<StockProbePlan, { kind: "http" }>, target: ProbeTarget): StockProbe {
  return {
    read: async (product) => {
      const body = await getJson(target.server + fill(plan.path, { ...target.variables, product }));
      const value = atPath(body, plan.value);
      return [
        {
          source: plan.name,
          units: unitsFrom(value),
          said: value === undefined ? "no such field" : JSON.stringify(value),
        },
      ];
    },
    close: () => Promise.resolve(),
  };
}

/** Asks the shop itself for its purchases. */
export function httpPurchaseProbe(
  plan: Extract<PurchaseProbePlan, { kind: "http" }>,
  target: ProbeTarget,
  onlyProduct: string | undefined,
): PurchaseProbe {
  const url = target.server + fill(plan.path, target.variables);
  const list = async (): Promise<readonly unknown[]> => {
    const rows = atPath(await getJson(url), plan.rows);
    if (Array.isArray(rows)) return rows as readonly unknown[];
    throw environmentError(
      "PROBE_FAILED",
      `purchases probe: ${url}: expected a list at \`${plan.rows}\`, found ${typeof rows}`,
    );
  };
  return {
    count: async () => (await list()).length,
    async *rows() {
      let place = 0;
      for (const item of await list()) yield purchaseRow(pick(item, plan.fields), place++, onlyProduct);
    },
    close: () => Promise.resolve(),
  };
}

function pick(item: unknown, fields: Readonly<Record<string, string>>): RawRow {
  return Object.fromEntries(ROW_FIELDS.map((field) => [field, atPath(item, fields[field] ?? field)]));
}

async function getJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (!response.ok) throw new Error(`expected status 200, found ${String(response.status)}`);
    return await response.json();
  } catch (error) {
    throw environmentError("PROBE_FAILED", `http probe: GET ${url}: ${messageOf(error)}`, { cause: error });
  }
}
