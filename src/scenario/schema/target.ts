import * as z from "zod";
import { purchaseProbeSchema, stockProbeSchema } from "./probes.ts";
import { answerSchema, outcomeRuleSchema, purchaseSchema } from "./purchase.ts";
import { seedStepSchema } from "./seed.ts";
import { listOf, mapping, text } from "./spelling.ts";
import { readySchema, startSchema, urlSchema } from "./start.ts";

/** The contract with a shop, as a target file or a scenario's `target:` spells it. */
export const targetSchema = mapping({
  start: startSchema.optional(),
  url: urlSchema.optional().describe("Where the shop already runs, instead of `start`. Nothing is started or stopped."),
  locks: z
    .array(text(), { error: "a list of names" })
    .prefault([])
    .describe(
      "The locks that the shop can be started with; it is told through the placeholder `${lock}`. The first is the default.",
    ),
  ready: readySchema.prefault({}),
  seed: z
    .array(seedStepSchema, { error: "a list of steps" })
    .prefault([])
    .describe("What puts the shop into the state from which a run starts."),
  purchase: purchaseSchema,
  outcomes: listOf(outcomeRuleSchema, "a list of rules").describe(
    "What each answer means. An answer that no rule matches is an `error`.",
  ),
  answer: answerSchema.prefault({}),
  lock_keys: mapping({
    lock: text().describe("The key of a product's lock, such as `lock:stock:${product}`."),
    guarded: text().optional().describe("The key that the lock guards, such as `stock:${product}`."),
  })
    .optional()
    .describe("Which keys in Redis are locks. Without it nothing is said about locks."),
  probes: mapping({
    stock: z
      .array(stockProbeSchema, { error: "a list of probes" })
      .prefault([])
      .describe("Who can say how many units are left."),
    purchases: purchaseProbeSchema.optional(),
  })
    .prefault({})
    .describe("How lockbench reads the truth once the dust has settled. What nobody can read cannot be judged."),
}).describe("The contract with the shop under test.");

export type TargetSpec = z.output<typeof targetSchema>;
