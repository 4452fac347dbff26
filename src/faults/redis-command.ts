import { Redis } from "ioredis";
import { environmentError, messageOf } from "../domain/errors.ts";
import type { RedisNode } from "../stacks/stack.ts";

const ANSWER_WITHIN_MS = 5000;

/**
 * Sends commands to one node on a connection of its own, past any wire tap.
 * @throws LockbenchError (exit 5) naming the node and the command
 */
export async function command(node: RedisNode, ...words: readonly string[]): Promise<void> {
  const [name = "", ...args] = words;
  const client = new Redis(node.url, {
    lazyConnect: true,
    connectTimeout: ANSWER_WITHIN_MS,
    commandTimeout: ANSWER_WITHIN_MS,
    retryStrategy: () => null,
    // The check asks INFO, which a paused server does not answer.
    enableReadyCheck: false,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.call(name, ...args);
  } catch (error) {
    throw environmentError("FAULT_FAILED", `fault: ${words.join(" ")} on ${node.name}: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    client.disconnect();
  }
}
