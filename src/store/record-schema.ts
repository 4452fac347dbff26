import * as z from "zod";
import { exitCode } from "../domain/errors.ts";
import { OUTCOMES } from "../domain/outcome.ts";
import { type RunRecord, SCHEMA_VERSION } from "../domain/record.ts";
import { REMARK_SUBJECTS } from "../domain/remark.ts";

const verdict = z.enum(["pass", "fail", "inconclusive"]);
const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative();

const finding = z.object({
  name: z.string().min(1).meta({ description: "The check's name, such as oversold." }),
  kind: z.enum(["correctness", "performance", "validity"]).meta({
    description: "What a failure means: a violation, a missed threshold, or a run that could prove nothing.",
  }),
  verdict,
  expected: z.string(),
  actual: z.string(),
  detail: z.string().meta({ description: "The arithmetic behind the verdict." }),
  evidence: z.array(z.string()).meta({ description: "The shortest proof of a failure, a line each." }),
});

const latency = z.object({
  samples: count.meta({ description: "How many attempts these figures are made from." }),
  avg: milliseconds,
  p50: milliseconds,
  p95: milliseconds,
  p99: milliseconds,
  max: milliseconds,
});

const metrics = z.object({
  attempts: count,
  outcomes: z.record(z.enum(OUTCOMES), count).meta({ description: "Attempts by what they came to." }),
  unconnected: count.nullable().default(null).meta({
    description:
      "Attempts that found no connection: errors, and in no latency; null in records that do not count them.",
  }),
  tps: z.number().nonnegative().nullable().meta({
    description: "Answered attempts divided by (last answer - first send), per second; null without an answer.",
  }),
  latencyMs: latency.nullable().meta({ description: "Milliseconds from sending to the end of the answer." }),
  firstSendMs: z.number().nullable().default(null).meta({
    description: "When the first attempt was sent, since the history's zero; null without any.",
  }),
  timeToSellOutMs: milliseconds.nullable().meta({
    description: "From the first send to the answer of the last sale; null when the stock did not run out.",
  }),
  peakInFlight: count.meta({ description: "The most attempts that were in flight at once." }),
  comebacks: count.nullable().default(null).meta({
    description: "Attempts by buyers who came back after they were turned away; null where nobody does.",
  }),
  sendSpreadMs: milliseconds.meta({ description: "From the first send to the last, of each buyer's first try." }),
  arrivalSpreadMs: milliseconds.nullable().meta({
    description: "From the first arrival to the last by the servers' stamps; null where they give none.",
  }),
  generatorCpuPercent: milliseconds.nullable().meta({
    description: "CPU time of the load generator divided by wall time, in percent of one core.",
  }),
});

const productTruth = z.object({
  product: z.string(),
  initial: count,
  sold: z.number().nullable().meta({ description: "Units in purchase rows; null without a purchase probe." }),
  rows: count.nullable(),
  stock: z.record(z.string(), z.number().nullable()).meta({ description: "Units left, by witness." }),
});

const fault = z.object({
  kind: z.string().min(1).meta({ description: "kill, freeze, client_pause, script_flush, partition or latency." }),
  targets: z.array(z.string()).meta({ description: "The services that it was aimed at." }),
  what: z.string(),
  injectedMs: z.number().nullable().meta({ description: "Since the history's zero; null when it never was in force." }),
  healedMs: z.number().nullable().meta({ description: "When what it hit answered again; null when it never did." }),
  obstacle: z.string().nullable().default(null).meta({
    description: "Why it could not be injected; null where it was, or its moment never came.",
  }),
});

const remark = z.object({
  about: z.enum(REMARK_SUBJECTS).meta({
    description: "What could be judged on this stack, the load, or what the judgement left out and does not say.",
  }),
  text: z.string(),
});

const environment = z.object({
  lockbench: z.string(),
  node: z.string(),
  redis: z.string().nullable(),
  platform: z.string(),
  cores: count,
  stack: z.string(),
  lock: z.string().nullable(),
  replicas: count,
  buyers: count,
  stock: count.meta({ description: "Units on sale over all products." }),
  seed: z.int(),
});

/** Unknown keys are let through: a later lockbench may add some without a new schema version. */
export const recordSchema = z
  .object({
    schemaVersion: z.literal(SCHEMA_VERSION),
    id: z.string().min(1).meta({ description: "Sorts by time: 20261123T150405.123Z-v1_stress-ab12." }),
    scenario: z.string().min(1),
    startedAt: z.iso.datetime().meta({ description: "UTC." }),
    durationMs: milliseconds,
    verdict,
    exitCode: z.literal(Object.values(exitCode)),
    reason: z.string().meta({ description: "Why the exit code is what it is, in one line." }),
    checks: z.array(finding),
    metrics,
    truth: z.object({
      settled: z.boolean().meta({ description: "False when the witnesses still changed at the deadline." }),
      settledAfterMs: milliseconds,
      agreedAfterMs: milliseconds.nullable().default(null).meta({
        description: "From the last answer, or the last healing, until all witnesses agreed; null when they never did.",
      }),
      products: z.array(productTruth),
    }),
    faults: z.array(fault).default([]).meta({ description: "What was broken while the load ran." }),
    environment,
    incidents: z.array(z.string()).meta({ description: "What went wrong around the run, a line each." }),
    disturbed: z.boolean().default(false).meta({
      description: "True when somebody else killed, restarted or stopped a part of the stack meanwhile.",
    }),
    remarks: z.array(remark).default([]).meta({ description: "What the verdict does not say, and hints; no verdict." }),
    evidence: z
      .record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
      .meta({ description: "sha256 of each evidence file, by its name in the run's folder." }),
  })
  .meta({
    title: "lockbench run record",
    description: "What lockbench keeps of a run and prints with --json. docs/record.md explains every key.",
  }) satisfies z.ZodType<RunRecord>;

/** The JSON Schema of a run record (draft 2020-12); docs/record.schema.json is a copy. */
export function recordJsonSchema(): object {
  return z.toJSONSchema(recordSchema, {
    io: "input",
    // The format says it already, and the pattern for leap years is a page long.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
    },
  });
}
