import * as z from "zod";
import { contentionSchema, expectSchema, settleSchema, thresholdsSchema } from "./demands.ts";
import { faultsSchema } from "./faults.ts";
import { LARGEST_SEED, loadSchema } from "./load.ts";
import { productId } from "./product-id.ts";
import { listOf, mapping, oneOf, text, wholeNumber } from "./spelling.ts";
import { targetSchema } from "./target.ts";

export const MOST_STOCK = 1_000_000_000;
export const MOST_REPLICAS = 64;
const MOST_REDIS_NODES = 15;

const stock = () => wholeNumber(0, MOST_STOCK).describe("Units for sale.");

const REDIS_URL = 'a URL such as "redis://127.0.0.1:6379"';
const external = mapping({
  external: listOf(
    z.string({ error: REDIS_URL }).regex(/^rediss?:\/\/[^\s/]+/, { error: REDIS_URL }),
    "a list of Redis URLs",
  ).describe("Redis servers that are already there. They are read, never written."),
});

const stackSchema = mapping({
  redis: z
    .union([wholeNumber(0, MOST_REDIS_NODES), external], {
      error: `a whole number from 0 to ${String(MOST_REDIS_NODES)}, or {external: [URLs]}`,
    })
    .optional()
    .describe("How many Redis nodes to start. Default: 1, or 0 for a shop that already runs (`target.url`)."),
  replicas: wholeNumber(1, MOST_REPLICAS).prefault(1).describe("How many server processes share the load."),
  port: wholeNumber(1, 65_535).optional().describe("A fixed port for the first server. Default: a free one."),
  tap: z
    .boolean({ error: "true or false" })
    .optional()
    .describe(
      "Whether a wire tap stands between the servers and the Redis nodes, where the stack has one. Default: true where there are faults.",
    ),
}).describe("What is started for a run.");

const productsSchema = z
  .union(
    [
      listOf(
        mapping({ id: productId.describe("The product's id, as the shop knows it."), stock: stock() }),
        "a list of products",
      ),
      mapping({ count: wholeNumber(1, 10_000).describe('So many products, with the ids "1", "2", …'), stock: stock() }),
    ],
    { error: "a list of {id, stock}, or {count, stock}" },
  )
  .describe("What is for sale.");

const VERDICTS = ["pass", "fail", "inconclusive"] as const;

const controlSchema = mapping({
  flaw: text().describe("What is broken on purpose, in one sentence."),
  check: text().describe("The check that must notice it."),
  verdict: oneOf(VERDICTS).prefault("fail").describe("What that check must say."),
  run: oneOf(VERDICTS).prefault("fail").describe("The verdict of the whole run."),
  must_not_fail: z
    .array(text(), { error: "a list of checks" })
    .prefault([])
    .describe("Checks that must not fail, because nothing of theirs is violated."),
}).describe("Marks a shop that is broken on purpose, for `lockbench prove`. The folder's name begins with `control_`.");

/** A scenario after its target file was merged in. */
export const scenarioSchema = mapping({
  title: text().describe("One line for `lockbench list`: what this scenario proves."),
  aliases: z
    .array(text(), { error: "a list of names" })
    .prefault([])
    .describe("Other names under which `lockbench run` finds it."),
  tags: z.array(text(), { error: "a list of tags" }).prefault([]).describe("For `lockbench run --tags`."),
  stack: stackSchema.prefault({}),
  target: targetSchema,
  lock: text().optional().describe("One of the target's `locks`. Default: the first of them."),
  products: productsSchema,
  load: loadSchema,
  faults: faultsSchema,
  expect: expectSchema.prefault({}),
  thresholds: thresholdsSchema.prefault({}),
  contention: contentionSchema.prefault({}),
  settle: settleSchema.prefault({}),
  seed: wholeNumber(0, LARGEST_SEED)
    .prefault(1)
    .describe("Seeds whatever the run draws at random; the same seed gives the same orders."),
  control: controlSchema.optional(),
});

export type ScenarioSpec = z.output<typeof scenarioSchema>;
