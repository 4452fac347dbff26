import * as z from "zod";
import { duration, listOf, mapping, oneKind, oneOf, percentage, text, wholeNumber } from "./spelling.ts";

const MOST_TARGETS = 64;

function targets(example: string) {
  const error = `a list of names such as [${example}], or how many of them`;
  return z.union([wholeNumber(1, MOST_TARGETS), listOf(text(), error)], { error });
}

const nodes = () =>
  targets("redis, redis1").describe("Redis nodes by name, or how many: then they are drawn with the seed.");
const servers = () =>
  targets("app, app1").describe("Servers by name, or how many: then they are drawn with the seed. Default: all.");
const direction = () =>
  oneOf(["both", "to_node", "to_server"])
    .prefault("both")
    .describe("Which way is meant: `both`, `to_node`, `to_server`.");

const processes = mapping({ nodes: nodes().optional(), servers: servers().optional() }).refine(
  (value) => value.nodes !== undefined || value.servers !== undefined,
  { error: "`nodes`, `servers` or both" },
);

const A_MOMENT =
  'a duration after the first send, above zero, such as "150ms", {sold: "30%"}, or {between: [from, to]}';

const moment = z
  .union(
    [
      duration().transform((ms) => ({ kind: "elapsed" as const, ms })),
      mapping({ sold: percentage().describe("When this share of all units has been answered as sold.") }).transform(
        ({ sold }) => ({ kind: "sold" as const, share: sold }),
      ),
      mapping({
        between: z
          .tuple([duration(), duration()], { error: 'two durations such as ["50ms", "300ms"]' })
          .refine(([from, to]) => from <= to, { error: "the earlier moment first" })
          .describe("At a moment between the two after the first send, drawn with the seed."),
      }).transform(({ between: [fromMs, toMs] }) => ({ kind: "random" as const, fromMs, toMs })),
    ],
    { error: A_MOMENT },
  )
  .describe("When it begins: so long after the first send, at a share of the units sold, or at a drawn moment.");

const faultSchema = oneKind(
  {
    kill: processes.optional().describe("SIGKILL; undone by a restart on the same port."),
    freeze: processes.optional().describe("SIGSTOP, or a pause of the container; undone by SIGCONT."),
    client_pause: mapping({ nodes: nodes() }).optional().describe("CLIENT PAUSE: the nodes answer nobody."),
    script_flush: mapping({ nodes: nodes() }).optional().describe("SCRIPT FLUSH: the nodes forget every script."),
    partition: mapping({ servers: servers().optional(), nodes: nodes(), direction: direction() })
      .optional()
      .describe("Nothing passes between the servers and the nodes."),
    latency: mapping({
      servers: servers().optional(),
      nodes: nodes(),
      direction: direction(),
      delay: duration().describe("How much longer every byte takes, one way."),
      jitter: duration().optional().describe("Up to so much is added to the delay, evenly drawn. Default: nothing."),
    })
      .optional()
      .describe("Every byte between the servers and the nodes takes longer."),
  },
  {
    at: moment,
    for: duration().optional().describe("How long it lasts. Default: until the load has ended."),
    data: oneOf(["lost", "kept"])
      .optional()
      .describe("With `kill`: whether a Redis node comes back empty or with its data. Default: lost."),
  },
).describe("One fault. Whatever happens, it is undone at the end.");

export const faultsSchema = z
  .array(faultSchema, { error: "a list of faults" })
  .prefault([])
  .describe("What is broken while the load runs, and when.");

export type FaultSpec = z.output<typeof faultSchema>;
export type TargetsSpec = z.output<ReturnType<typeof targets>>;
