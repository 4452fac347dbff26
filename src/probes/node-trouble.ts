import { messageOf } from "../domain/errors.ts";
import type { RedisNode } from "../stacks/stack.ts";

/** Why a node could not be read: which one it was, and in words of ours where the client's speak of its own options. */
export function nodeTrouble({ name }: RedisNode, error: unknown): Error {
  return new Error(`${name} could not be read: ${inWords(messageOf(error))}`, { cause: error });
}

function inWords(message: string): string {
  if (/max retries per request/i.test(message)) return "no connection";
  return /^command timed out$/i.test(message) ? "no answer in time" : message;
}
