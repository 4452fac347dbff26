import { environmentError } from "../../domain/errors.ts";
import { canConnect } from "../ask.ts";
import type { RedisNode } from "../stack.ts";
import { nodeName } from "../../domain/service-name.ts";

const CONNECT_WITHIN_MS = 2000;

/**
 * Redis servers that were there before us: they are read, never written, stopped or started.
 * @throws LockbenchError (exit 5) when nobody listens at one of them
 */
export function externalNodes(urls: readonly string[]): Promise<RedisNode[]> {
  return Promise.all(urls.map((url, index) => externalNode(url, nodeName(index))));
}

async function externalNode(url: string, name: string): Promise<RedisNode> {
  const { hostname, port, protocol } = new URL(url);
  const address = `${protocol}//${hostname}:${port === "" ? "6379" : port}`;
  const silent = await canConnect(
    hostname.replace(/^\[|\]$/g, ""),
    Number(port === "" ? "6379" : port),
    CONNECT_WITHIN_MS,
  );
  if (silent === undefined) return { name, url, owned: false };
  // The address without its password: messages end up in CI logs.
  throw environmentError(
    "NO_REDIS",
    `Redis cannot be reached: ${name} at ${address}, expected a connection, found ${silent.why}`,
    {
      hint: "start that Redis, or correct stack.redis.external in the scenario",
    },
  );
}
