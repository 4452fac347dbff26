import { productOf, quorumKeys } from "../redis/keys.ts";
import type { Poll } from "../redis/poll.ts";
import type { Question, RedisNodes } from "../redis/redis-nodes.ts";
import { LOOK } from "./quorum-scripts.ts";
import type { RepairsDue } from "./repairs-due.ts";
import type { Seen, Settler } from "./settler.ts";
import { parseRecord } from "./stock-record.ts";

/** What a majority of nodes, on each of which the lock is ours, knows of the product that it guards. */
export interface Reading {
  readonly units: number;
  /** The version of the last sale in the ledger that the units account for. */
  readonly basis: number;
  /** Higher than everything that these nodes and the ledger have heard of. */
  readonly fencingToken: number;
  /** The record on each node whose sale has been settled, in the order of the nodes. */
  readonly records: readonly (string | undefined)[];
  /** Told what holds after a sale under this lock that is in the ledger; left out where nobody may go on from there. */
  readonly goesOn?: (next: Reading) => void;
}

export interface ReadingTools {
  readonly nodes: RedisNodes;
  readonly settler: Settler;
  readonly due: RepairsDue;
}

/** One node's reply: `[kind, units, record, fencing token]`. */
interface Told extends Seen {
  readonly text: string;
  readonly fence: number;
}

/** Turns what nodes reply into what holds. */
export class Readings {
  readonly #tools: ReadingTools;

  constructor(tools: ReadingTools) {
    this.#tools = tools;
    tools.nodes.learn([LOOK]);
  }

  /** What to ask each node behind whatever acquires the lock there, where that tells nothing itself. */
  behind(lock: string, token: string): Question {
    return { script: LOOK, keys: quorumKeys(productOf(lock)), args: [token], good: isOurs };
  }

  /**
   * Makes a reading of the answers.
   * @returns null when the lock is not ours on a majority that can be trusted
   */
  look(lock: string, poll: Poll): Reading | null {
    this.report(lock, poll);
    return poll.good < this.#tools.nodes.quorum ? null : this.read(lock, poll, isOurs);
  }

  /** @throws Unavailable when the ledger cannot say what became of a sale */
  read(lock: string, poll: Poll, good: (reply: unknown) => boolean): Reading {
    const product = productOf(lock);
    const told = poll.replies.map((reply) => (good(reply) ? toldBy(reply) : undefined));
    const known = told.filter((one) => one !== undefined);
    const { units, basis, differs } = this.#tools.settler.settle(product, known);
    if (differs) this.#tools.due.add(product);
    const fencingToken = Math.max(basis + 1, ...known.map(({ fence, record }) => Math.max(fence, record.version + 1)));
    return { units, basis, fencingToken, records: told.map((one) => one?.text) };
  }

  /** Has nodes repaired that have lost the stock. */
  report(lock: string, { replies }: Poll): void {
    if (replies.some((reply) => Array.isArray(reply) && reply.includes("empty"))) this.#tools.due.add(productOf(lock));
  }
}

export function kindOf(reply: unknown): unknown {
  return Array.isArray(reply) ? (reply as readonly unknown[])[0] : undefined;
}

function isOurs(reply: unknown): boolean {
  return kindOf(reply) === "ours";
}

function toldBy(reply: unknown): Told {
  const [, units, record, fence] = reply as readonly unknown[];
  const text = String(record);
  return { units: Number(units), record: parseRecord(text), text, fence: Number(fence) };
}
