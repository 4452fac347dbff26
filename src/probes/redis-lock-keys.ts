import { Redis } from "ioredis";
import type { Plan } from "../domain/plan.ts";
import { fill } from "../domain/template.ts";
import type { LockReading } from "../domain/truth.ts";
import type { RedisNode } from "../stacks/stack.ts";
import { nodeTrouble } from "./node-trouble.ts";

const ANSWER_WITHIN_MS = 2000;

/**
 * The lock keys of a plan that are there now, on every node. Only reads.
 * @returns null where the plan does not say which keys are locks
 * @throws when a node does not answer
 */
export async function readLocks(plan: Plan, nodes: readonly RedisNode[]): Promise<readonly LockReading[] | null> {
  const { lockKeys } = plan.target;
  if (lockKeys === null) return null;
  const keys = plan.products.map(({ id }) => fill(lockKeys.lock, { product: id }));
  return (await Promise.all(nodes.map((node) => locksOn(node, keys)))).flat();
}

async function locksOn(node: RedisNode, keys: readonly string[]): Promise<readonly LockReading[]> {
  const client = new Redis(node.url, {
    lazyConnect: true,
    connectTimeout: ANSWER_WITHIN_MS,
    commandTimeout: ANSWER_WITHIN_MS,
    retryStrategy: () => null,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const found = await Promise.all(keys.map((key, product) => lockAt(client, node.name, product, key)));
    return found.filter((lock) => lock !== null);
  } catch (error) {
    throw nodeTrouble(node, error);
  } finally {
    client.disconnect();
  }
}

/** null where there is no such key, or it was released while we looked. */
async function lockAt(client: Redis, source: string, product: number, key: string): Promise<LockReading | null> {
  const [type, pttlMs] = await Promise.all([client.type(key), client.pttl(key)]);
  if (type === "none" || pttlMs === -2) return null;
  const holder = await holderOf(client, type, key);
  return holder === null ? null : { source, product, key, holder, pttlMs };
}

/** Some locks are hashes: then who holds it is told apart by its fields. A list of tickets, a set of waiters is held by nobody. */
async function holderOf(client: Redis, type: string, key: string): Promise<string | null> {
  if (type === "string") return client.get(key);
  return type === "hash" ? JSON.stringify(await client.hgetall(key)) : null;
}
