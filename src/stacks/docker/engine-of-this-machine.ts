import { usageError } from "../../domain/errors.ts";
import type { EngineConnection } from "./engine/connect.ts";

const HERE = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Buyers reach containers only through ports published on 127.0.0.1, and an
 * engine elsewhere publishes them on its own.
 * @throws LockbenchError (exit 2)
 */
export function requireEngineOfThisMachine({ address, from }: Pick<EngineConnection, "address" | "from">): void {
  if (address.startsWith("unix:")) return;
  const { hostname } = new URL(address);
  if (HERE.includes(hostname)) return;
  throw usageError(
    `${from}: expected an engine of this machine, found ${address}, whose containers cannot be reached through 127.0.0.1`,
    "set DOCKER_HOST=unix:///var/run/docker.sock, or run lockbench where that engine is",
  );
}
