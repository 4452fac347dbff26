import { environmentError } from "../domain/errors.ts";
import type { Plan } from "../domain/plan.ts";
import type { ProbeTarget } from "../probes/probe.ts";
import type { Clock } from "../host/clock.ts";
import type { Tools } from "./tools.ts";
import type { Snapshot, Witnesses } from "./witnesses.ts";

/** How long a shop may take to show the state it was seeded with, in ms. */
const SEEDED_WITHIN_MS = 3000;

/** Seeds the shop, step by step. */
export async function seedShop(plan: Plan, target: ProbeTarget, tools: Tools): Promise<void> {
  for (const step of plan.target.seed) await (await tools.seed(step, plan)).apply(target, plan.products);
}

/**
 * Waits until every witness shows the full stock and no purchase. Without this
 * a shop whose seed went nowhere would be judged as one that sold nothing.
 * @throws LockbenchError (exit 5) saying which witness shows what instead
 */
export async function requireStartState(
  plan: Plan,
  witnesses: Witnesses,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const started = clock.now();
  for (;;) {
    const wrong = differences(plan, await witnesses.snapshot());
    if (wrong.length === 0) return;
    if (clock.now() - started >= SEEDED_WITHIN_MS) {
      throw environmentError(
        "SEED_DID_NOT_TAKE",
        `seeding ${plan.scenario}: after ${String(SEEDED_WITHIN_MS)} ms the shop is not in its start state: ${wrong.join("; ")}`,
        { hint: "check the target's `seed` steps and `probes`: keys, file, queries" },
      );
    }
    await clock.sleep(25, signal);
  }
}

function differences(plan: Plan, snapshot: Snapshot): string[] {
  const wrong = [...snapshot.unreachable];
  if (snapshot.rows !== null && snapshot.rows > 0)
    wrong.push(`purchases: expected 0 rows, found ${String(snapshot.rows)}`);
  for (const { source, product, units, said } of snapshot.stock) {
    const { id, stock } = plan.products[product] ?? { id: "?", stock: Number.NaN };
    if (units !== stock) wrong.push(`stock of ${id} in ${source}: expected ${String(stock)}, found ${said}`);
  }
  return wrong;
}
