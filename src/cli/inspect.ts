import { environmentError, messageOf } from "../domain/errors.ts";
import type { Plan } from "../domain/plan.ts";
import type { PurchaseRow } from "../domain/purchases.ts";
import type { ProbeTarget } from "../probes/probe.ts";
import { plural } from "../reporters/figure.ts";
import { drawGrid } from "../reporters/grid.ts";
import type { SessionEntry } from "../stacks/sessions/folders.ts";
import type { Session } from "../stacks/sessions/session.ts";
import type { InspectOptions } from "./command-options.ts";
import { type Context, type Ended, OK } from "./context.ts";
import { heldLocks, purchaseProbeFor, stockProbesFor } from "./registry.ts";
import { probeTargetOf, requireSession } from "./sessions.ts";

/** What an inspection found: a headline, and rows under column names. */
interface Inspection {
  readonly headline: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** `lockbench inspect stock|locks|purchases`: looks, and changes nothing. */
export async function inspect(context: Context, what: string, options: InspectOptions): Promise<Ended> {
  const entry = requireSession(context, options.of);
  const found = await look(context, entry, what, options).catch((error: unknown) => {
    throw environmentError("INSPECT_FAILED", `inspect ${what}: ${messageOf(error)}`, {
      hint: "lockbench status tells which service is not well",
      cause: error,
    });
  });
  context.console.result(options.json === true ? asJson(found) : asText(found, context.console.width));
  return OK;
}

function look(context: Context, entry: SessionEntry, what: string, options: InspectOptions): Promise<Inspection> {
  if (what === "locks") return locks(entry.session);
  const target = probeTargetOf(context, entry, "");
  return what === "purchases" ? purchases(entry.session.plan, target, options.last) : stock(entry.session.plan, target);
}

async function stock(plan: Plan, target: ProbeTarget): Promise<Inspection> {
  const probes = stockProbesFor(plan, target);
  try {
    const rows = [];
    for (const { id } of plan.products) {
      for (const probe of probes) for (const { source, said } of await probe.read(id)) rows.push([id, source, said]);
    }
    return {
      headline: `stock of ${plural(plan.products.length, "product")}`,
      columns: ["product", "source", "units"],
      rows,
    };
  } finally {
    await Promise.all(probes.map((probe) => probe.close()));
  }
}

async function locks(session: Session): Promise<Inspection> {
  const held = await heldLocks(session.redis);
  return {
    headline: held.length === 0 ? "no lock is held" : `${plural(held.length, "lock")} held`,
    columns: ["node", "key", "owner's token", "time to live"],
    rows: held.map(({ node, key, token, ttlMs }) => [
      node,
      key,
      token,
      ttlMs < 0 ? "never expires" : `${String(ttlMs)} ms`,
    ]),
  };
}

async function purchases(plan: Plan, target: ProbeTarget, last: number): Promise<Inspection> {
  const probe = purchaseProbeFor(plan, target);
  if (probe === null) return { headline: "the scenario has no probe for purchases", columns: [], rows: [] };
  try {
    const rows: PurchaseRow[] = [];
    let count = 0;
    for await (const row of probe.rows()) {
      count += 1;
      rows.push(row);
      if (rows.length > last) rows.shift();
    }
    return {
      headline: `${plural(count, "purchase")}${count > rows.length ? `, the last ${String(rows.length)}` : ""}`,
      columns: ["id", "buyer", "product", "quantity", "remaining"],
      rows: rows.map(({ id, buyer, product, quantity, remaining }) => [id, buyer, product, quantity, remaining ?? ""]),
    };
  } finally {
    await probe.close();
  }
}

function asText({ headline, columns, rows }: Inspection, width: number): string {
  if (rows.length === 0) return headline;
  return `${headline}\n${drawGrid({ head: columns, rows: rows.map((row) => row.map(String)) }, width)}`;
}

function asJson({ headline, columns, rows }: Inspection): string {
  const items = rows.map((row) => Object.fromEntries(columns.map((column, place) => [column, row[place]])));
  return JSON.stringify({ headline, items }, null, 2);
}
