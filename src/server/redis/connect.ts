import { Redis } from "ioredis";
import type { Log } from "../log.ts";

/** A Redis that does not answer within this is treated as down, in ms. */
export const PATIENCE_MS = 800;

/**
 * A connection that fails fast and comes back by itself: no command waits for
 * a reconnect, and none is ever sent twice, because most of them are not
 * idempotent.
 */
export function connect(url: string, name: string, log: Log): Redis {
  const redis = new Redis(url, {
    protocol: 2,
    disableClientInfo: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: PATIENCE_MS,
    retryStrategy: (attempt) => Math.min(20 * attempt, 250),
  });
  redis.on("error", (error: Error) => log(`redis (${name}): ${error.message}`));
  return redis;
}

/** Resolves at once when the connection is usable, otherwise when it next becomes so. */
export function ready(redis: Redis): Promise<void> {
  if (redis.status === "ready") return Promise.resolve();
  return new Promise((resolve) => {
    redis.once("ready", () => resolve());
  });
}
