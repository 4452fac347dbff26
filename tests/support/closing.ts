import type { EventEmitter } from "node:events";

/**
 * Resolves when a connection closes, with the moment (process.hrtime).
 *
 * Not `once(connection, "close")`: that rejects at an error before, and whoever is killed may reset the connection.
 */
export function closing(connection: EventEmitter): Promise<bigint> {
  return new Promise((resolve) => {
    connection.once("close", () => {
      resolve(process.hrtime.bigint());
    });
  });
}
