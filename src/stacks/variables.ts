import type { Plan } from "../domain/plan.ts";
import type { Variables } from "../domain/template.ts";
import type { RedisNode } from "./stack.ts";

/** What is known of a plan before anything is started. */
export function planVariables(plan: Plan, lockbench: string): Variables {
  return {
    lockbench,
    host: "127.0.0.1",
    scenario: plan.folder,
    seed: plan.seed,
    lock: plan.lock ?? "",
    products: plan.products.map((product) => product.id).join(","),
    stock: plan.products[0]?.stock ?? 0,
  };
}

/** What the Redis nodes add; empty texts for a shop that has none. */
export function redisVariables(nodes: readonly RedisNode[]): Variables {
  const first = nodes[0] === undefined ? undefined : new URL(nodes[0].url);
  return {
    "redis.url": nodes[0]?.url ?? "",
    "redis.urls": nodes.map((node) => node.url).join(","),
    "redis.host": first?.hostname ?? "",
    "redis.port": first === undefined ? "" : Number(first.port === "" ? "6379" : first.port),
  };
}
