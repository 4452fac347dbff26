import type { PurchaseRow } from "../domain/purchases.ts";
import type { Variables } from "../domain/template.ts";
import type { RedisNode, RemoteDatabases } from "../stacks/stack.ts";

/** Where probes and seeds find the running stack. */
export interface ProbeTarget {
  readonly server: string;
  readonly redis: readonly RedisNode[];
  readonly variables: Variables;
  /** How to reach SQLite files that do not lie on this machine; null where they do. */
  readonly databases: RemoteDatabases | null;
  /** The scenario's folder, where relative paths start. */
  readonly folder: string;
}

/** Reads how many units one witness says are left. */
export interface StockProbe {
  /** One reading for each source: a Redis probe reads every node. Missing or unreadable stock has `units: null`. */
  read(product: string): Promise<readonly StockWord[]>;
  close(): Promise<void>;
}

export interface StockWord {
  readonly source: string;
  readonly units: number | null;
  readonly said: string;
}

/** Reads the purchase rows, in the order in which the shop committed them. */
export interface PurchaseProbe {
  count(): Promise<number>;
  rows(): AsyncIterable<PurchaseRow> | Iterable<PurchaseRow>;
  close(): Promise<void>;
}
