import * as z from "zod";
import type { Plan } from "../domain/plan.ts";

/** What plan.json holds: what the run was asked to do, and what is needed to read the other files. */
export interface PlanFile {
  readonly id: string;
  /** What idempotency keys of this run begin with. */
  readonly run: string;
  /** The history's zero on the monotonic clock, in ns; null when no attempt was kept. */
  readonly originNs: bigint | null;
  readonly attempts: number;
  readonly plan: Plan;
}

const count = z.int().nonnegative();

// Only what judging again relies on: the plan was validated when the scenario was read,
// and this guards against a file that was edited or cut short since.
const PLAN = z.looseObject({
  scenario: z.string(),
  tags: z.array(z.string()),
  stack: z.looseObject({ replicas: count, tap: z.boolean().default(false), tapForFaults: z.boolean().default(false) }),
  target: z.looseObject({
    answer: z.looseObject({}),
    stockProbes: z.array(z.looseObject({})),
    purchaseProbe: z.looseObject({}).nullable(),
    lockKeys: z.looseObject({}).nullable().default(null),
  }),
  // Runs that were kept before there were faults have no such keys.
  faults: z.array(z.looseObject({ action: z.looseObject({ kind: z.string() }) })).default([]),
  products: z.array(z.object({ id: z.string(), stock: count })).min(1),
  load: z.looseObject({
    buyers: count,
    timeoutMs: z.number(),
    orders: z.array(z.object({ lines: z.array(z.object({ product: count, quantity: z.number() })) })),
    orderOf: z.array(count),
    retry: z.looseObject({}).nullable().default(null),
  }),
  demands: z.looseObject({
    sold: z.number().nullable(),
    perBuyer: z.number().nullable(),
    firstCome: z.number().nullable(),
    firstComePerServer: z.number().nullable().default(null),
    thresholds: z.array(z.object({ metric: z.string(), operator: z.string(), bound: z.number() })),
    contention: z.looseObject({ inFlight: z.number(), spreadMs: z.number().nullable() }),
    recoveryMs: z.number().nullable().default(null),
    breaker: z.looseObject({}).nullable().default(null),
  }),
});

const FILE = z.object({
  schemaVersion: z.literal(1),
  id: z.string(),
  run: z.string(),
  originNs: z
    .string()
    .regex(/^-?\d+$/)
    .nullable(),
  attempts: count,
  plan: PLAN,
});

export function planFileText(file: PlanFile): string {
  const { id, run, originNs, attempts, plan } = file;
  const json = { schemaVersion: 1, id, run, originNs: originNs === null ? null : String(originNs), attempts, plan };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** @throws ZodError or SyntaxError when this is no plan that could be judged */
export function parsePlanFile(text: string): PlanFile {
  const json: unknown = JSON.parse(text);
  const { id, run, originNs, attempts, plan } = FILE.parse(json);
  // The loose schema has checked what is used and kept the rest as it was written.
  return { id, run, originNs: originNs === null ? null : BigInt(originNs), attempts, plan: plan as unknown as Plan };
}
