import { Redis } from "ioredis";
import type { StockProbePlan } from "../domain/plan.ts";
import { fill } from "../domain/template.ts";
import { unitsFrom } from "../domain/units.ts";
import type { RedisNode } from "../stacks/stack.ts";
import { nodeTrouble } from "./node-trouble.ts";
import type { ProbeTarget, StockProbe, StockWord } from "./probe.ts";

type RedisStockPlan = Extract<StockProbePlan, { kind: "redis" }>;

/** How long a node may take to answer before it counts as unreachable, in ms. */
const ANSWER_WITHIN_MS = 2000;
const RECONNECT_AFTER_MS = 50;

/** Reads the stock on every Redis node with GET or HGET, and with nothing else: a probe never writes. */
export function redisStockProbe(plan: RedisStockPlan, target: ProbeTarget): StockProbe {
  const clients = target.redis.map((node) => ({ node, client: connect(node) }));
  return {
    read: (product) => {
      const variables = { ...target.variables, product };
      return Promise.all(
        clients.map(async ({ node, client }): Promise<StockWord> => {
          const field = plan.field && fill(plan.field, variables);
          const value = await readOne(client, fill(plan.key, variables), field).catch((error: unknown) => {
            throw nodeTrouble(node, error);
          });
          return {
            source: sourceName(plan, node, clients.length),
            units: unitsFrom(value),
            said: value ?? "no such key",
          };
        }),
      );
    },
    close: () => {
      for (const { client } of clients) client.disconnect();
      return Promise.resolve();
    },
  };
}

function connect(node: RedisNode): Redis {
  const client = new Redis(node.url, {
    commandTimeout: ANSWER_WITHIN_MS,
    connectTimeout: ANSWER_WITHIN_MS,
    maxRetriesPerRequest: 1,
    // A node that a fault has killed comes back, and must be read again then.
    retryStrategy: () => RECONNECT_AFTER_MS,
  });
  // A failed connection also rejects the read that needed it, which is where it is reported.
  client.on("error", () => undefined);
  return client;
}

function readOne(client: Redis, key: string, field: string | null): Promise<string | null> {
  return field === null ? client.get(key) : client.hget(key, field);
}

function sourceName(plan: RedisStockPlan, node: RedisNode, nodes: number): string {
  if (plan.name === "redis") return node.name;
  return nodes === 1 ? plan.name : `${plan.name}@${node.name}`;
}
