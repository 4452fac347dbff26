import { Redis } from "ioredis";
import type { RedisNode } from "../stacks/stack.ts";

/** A lock that is held on a node at the moment of looking. */
export interface HeldLock {
  readonly node: string;
  readonly key: string;
  /** The owner's token. */
  readonly token: string;
  /** Time to live in ms; -1 for a lock that will never expire. */
  readonly ttlMs: number;
}

/** Every key `lock:*` that holds a token, on every node. Only reads. */
export async function heldLocks(nodes: readonly RedisNode[]): Promise<readonly HeldLock[]> {
  return (await Promise.all(nodes.map(locksOn))).flat();
}

async function locksOn(node: RedisNode): Promise<readonly HeldLock[]> {
  const client = new Redis(node.url, { lazyConnect: true, commandTimeout: 2000, retryStrategy: () => null });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const keys: string[] = [];
    for await (const batch of client.scanStream({ match: "lock:*", type: "string", count: 500 })) {
      keys.push(...(batch as string[]));
    }
    const held = await Promise.all([...new Set(keys)].sort().map((key) => lockAt(client, node.name, key)));
    return held.filter((lock) => lock !== null);
  } finally {
    client.disconnect();
  }
}

/** null when it was released while we looked. */
async function lockAt(client: Redis, node: string, key: string): Promise<HeldLock | null> {
  const [token, ttlMs] = await Promise.all([client.get(key), client.pttl(key)]);
  return token === null ? null : { node, key, token, ttlMs };
}
