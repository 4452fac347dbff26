import { quorumKeys } from "../redis/keys.ts";
import type { Poll } from "../redis/poll.ts";
import type { RedisNodes } from "../redis/redis-nodes.ts";
import { WRITE } from "./quorum-scripts.ts";
import { formatRecord, type StockRecord } from "./stock-record.ts";

export interface WriteLine {
  readonly product: string;
  readonly units: number;
  readonly record: StockRecord;
  /** The record on each node whose sale has been settled, in the order of the nodes. */
  readonly records: readonly (string | undefined)[];
}

export interface QuorumWrite {
  /** The owner's, in all locks of the lines. */
  readonly token: string;
  readonly lines: readonly WriteLine[];
  /** How long a node that was empty must grant no lock, in ms; 0 where nothing can have been forgotten. */
  readonly quarantineMs: number;
}

/** Writes on all nodes, on each of them all lines or none. */
export class QuorumWriter {
  readonly #nodes: RedisNodes;

  constructor(nodes: RedisNodes) {
    this.#nodes = nodes;
    nodes.learn([WRITE]);
  }

  write({ token, lines, quarantineMs }: QuorumWrite): Promise<Poll> {
    const keys = lines.flatMap(({ product }) => quorumKeys(product));
    const args = (node: number): (string | number)[] => [
      token,
      Math.ceil(quarantineMs),
      ...lines.flatMap(({ units, record, records }) => {
        const { version, basis } = record;
        return [units, formatRecord(record), version, basis, records[node] ?? "?"];
      }),
    ];
    return this.#nodes.poll({ script: WRITE, keys, args, patient: true, good: (reply) => reply === "written" });
  }
}

/** Whether every node has written that could, when all have answered. One without a connection is repaired when it is back. */
export function writtenBy(poll: Poll, nodes: RedisNodes): boolean {
  return nodes.all.every(({ client }, place) => {
    const reply = poll.replies[place];
    return reply === "written" || (reply === undefined && !client.connected);
  });
}
