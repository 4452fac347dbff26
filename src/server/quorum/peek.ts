import { quorumKeys } from "../redis/keys.ts";
import type { Question, RedisNodes } from "../redis/redis-nodes.ts";
import { PEEK } from "./quorum-scripts.ts";
import type { Seen } from "./settler.ts";
import { parseRecord } from "./stock-record.ts";

/** What a node knows of a product; null when it knows nothing. */
export interface Peeked extends Seen {
  /** The record as it stands there. */
  readonly text: string;
}

/** By node, in their order; undefined for one that has told nothing. */
export type Sight = readonly (Peeked | null | undefined)[];

/** What each node knows of a product that answers within the limit, whoever holds the product's lock. */
export async function peek(nodes: RedisNodes, product: string): Promise<Sight> {
  const poll = await nodes.poll(questionOf(product));
  await poll.complete;
  return poll.replies.map(sightOf);
}

/** Waits also for nodes that are slow, for as long as they are connected. */
export async function peekPatiently(nodes: RedisNodes, product: string): Promise<Sight> {
  const poll = await nodes.poll({ ...questionOf(product), patient: true });
  await poll.complete;
  return poll.replies.map(sightOf);
}

/** Asks only nodes that have kept the limit when they were last asked. */
export async function peekQuickly(nodes: RedisNodes, product: string): Promise<Sight> {
  const question = questionOf(product);
  const replies = nodes.all.map(async (node, place) => {
    return node.keepsTime ? nodes.ask(place, question).catch(() => undefined) : undefined;
  });
  return (await Promise.all(replies)).map(sightOf);
}

/**
 * The newest version of what a majority knows, whether its sale came to
 * anything or not: only who holds the lock can settle that, see `Settler`.
 * @returns undefined where no majority knows anything
 */
export function newest(seen: Sight): Peeked | undefined {
  const known = seen.filter((one) => one !== null && one !== undefined);
  if (known.length * 2 <= seen.length) return undefined;
  return known.reduce((best, next) => (next.record.version > best.record.version ? next : best));
}

function questionOf(product: string): Question {
  return { script: PEEK, keys: quorumKeys(product), args: [], good: (reply) => Array.isArray(reply) };
}

function sightOf(reply: unknown): Peeked | null | undefined {
  return Array.isArray(reply) ? peeked(reply as readonly unknown[]) : undefined;
}

function peeked([units, record]: readonly unknown[]): Peeked | null {
  if (units === "") return null;
  const text = String(record);
  return { units: Number(units), record: parseRecord(text), text };
}
