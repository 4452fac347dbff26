import { setTimeout as sleep } from "node:timers/promises";
import { ReplyError } from "ioredis";
import { RELEASE } from "../quorum/quorum-scripts.ts";
import { fenceKey } from "../redis/keys.ts";
import type { RedisNode } from "../redis/redis-node.ts";

const LOOK_AGAIN_MS = 50;

export interface GivenUp {
  /** The lock. */
  readonly name: string;
  readonly token: string;
  /** The least that the node's fence must be from now on. */
  readonly fence: number;
}

/**
 * Gives a lock up on a node, over a connection that was made since if need be.
 * @param owed false once the lock is gone by itself, or may be the same owner's again
 * @throws Unavailable when the node refuses: it would do so again, and the lease ends by itself
 */
export async function giveUpOn(node: RedisNode, { name, token, fence }: GivenUp, owed: () => boolean): Promise<void> {
  do {
    try {
      await node.runLate(RELEASE, [name, fenceKey(name)], [token, fence]);
      return;
    } catch (error) {
      if (isRefusal(error)) throw error;
    }
    do await sleep(LOOK_AGAIN_MS);
    while (!node.client.connected && owed());
  } while (owed());
}

/** Whether the node has answered, and the connection is as good as before. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof ReplyError;
}
