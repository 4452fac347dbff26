import { Redis } from "ioredis";
import type { RedisNode } from "../stacks/stack.ts";

/** The version of the first node's server; null when there is none, or it does not say within a second. */
export async function redisVersion(nodes: readonly RedisNode[]): Promise<string | null> {
  const [first] = nodes;
  if (first === undefined) return null;
  const client = new Redis(first.url, {
    lazyConnect: true,
    connectTimeout: 1000,
    commandTimeout: 1000,
    retryStrategy: () => null,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return /^(?:valkey|redis)_version:(\S+)/m.exec(await client.info("server"))?.[1] ?? null;
  } catch {
    // The version is for the record only: a Redis that has died is reported by the stack.
    return null;
  } finally {
    client.disconnect();
  }
}
