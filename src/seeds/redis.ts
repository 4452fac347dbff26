import { Redis } from "ioredis";
import { environmentError, messageOf, usageError } from "../domain/errors.ts";
import type { SeedPlan } from "../domain/plan.ts";
import { fill } from "../domain/template.ts";
import type { RedisNode } from "../stacks/stack.ts";
import type { Seed } from "./seed.ts";
import { turns } from "./steps.ts";

/** Runs commands on every Redis node that lockbench started. A Redis of somebody else's is never written. */
export function redisSeed(plan: Extract<SeedPlan, { kind: "redis" }>): Seed {
  return {
    async apply(target, products) {
      const foreign = target.redis.find((node) => !node.owned);
      if (foreign !== undefined || target.redis.length === 0) throw notOurs(foreign);
      for (const node of target.redis) {
        const commands = plan.commands.flatMap((command) =>
          turns(command, target.variables, products).map((variables) => command.map((word) => fill(word, variables))),
        );
        await runAll(node, commands);
      }
    },
  };
}

async function runAll(node: RedisNode, commands: readonly (readonly string[])[]): Promise<void> {
  const client = new Redis(node.url, { maxRetriesPerRequest: 1, commandTimeout: 5000, lazyConnect: true });
  client.on("error", () => undefined);
  try {
    await client.connect();
    for (const [name = "", ...args] of commands) await client.call(name, ...args);
  } catch (error) {
    throw environmentError("SEED_FAILED", `seeding ${node.name}: ${messageOf(error)}`, { cause: error });
  } finally {
    client.disconnect();
  }
}

function notOurs(node: RedisNode | undefined): Error {
  const whose =
    node === undefined ? "this scenario has no Redis" : `${node.name} (${node.url}) was not started by lockbench`;
  return usageError(
    `seeding Redis: refused, ${whose}, and lockbench writes only to a Redis of its own`,
    "seed that shop with an `http` or `command` step instead, or let lockbench start the nodes (`stack: { redis: 1 }`)",
  );
}
