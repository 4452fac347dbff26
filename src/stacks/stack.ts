import type { Plan } from "../domain/plan.ts";
import type { Variables } from "../domain/template.ts";

/** A way to bring up Redis nodes and the servers under test. */
export interface StackProvider {
  readonly name: string;
  /**
   * Starts everything and waits until it is ready.
   * @throws LockbenchError (exit 5) that says what was awaited, for how long, with the tail of the log
   */
  up(plan: Plan, options: UpOptions): Promise<RunningStack>;
  /** Finds a stack that an earlier `up` left running in this folder, if it fits the plan. */
  attach(plan: Plan, options: UpOptions): Promise<RunningStack | undefined>;
}

export interface UpOptions {
  /** The folder in which `lockbench` was called: stacks of different folders keep apart. */
  readonly folder: string;
  /** True when the stack must outlive this process. */
  readonly stays: boolean;
  /** Aborted by Ctrl-C: starting stops, and what was started is stopped. */
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

export interface RedisNode {
  /** `redis`, `redis1` … `redis4`. */
  readonly name: string;
  readonly url: string;
  /** False for a Redis that lockbench did not start: it is read, never written. */
  readonly owned: boolean;
}

/** A statement with the values of its named parameters. */
export interface BoundStatement {
  readonly sql: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** SQLite files that lie inside containers, where only SQLite on the same kernel can share them with the server. */
export interface RemoteDatabases {
  /** @returns the database as one read transaction sees it, begun after this call */
  copy(file: string): Promise<Buffer>;
  /** Runs statements in one transaction. */
  change(file: string, statements: readonly BoundStatement[]): Promise<void>;
}

export interface RunningStack {
  readonly id: string;
  readonly kind: string;
  /** True when it was there before this run, and stays after it. */
  readonly reused: boolean;
  /** Base URLs of the servers, one for each replica, without a trailing slash. */
  readonly servers: readonly string[];
  readonly redis: readonly RedisNode[];
  /** Placeholders for seeds and probes: `data`, `redis.url`, `redis.urls`, `lock`, `port`, … */
  readonly variables: Variables;
  /** null where the servers' files lie on this machine. */
  readonly databases: RemoteDatabases | null;
  /** Services that have died since they were ready, one line each with the end of their log. */
  casualties(): Promise<readonly string[]>;
  /** Stops everything this stack started; harmless when called twice. Never called on a stack that stays. */
  down(): Promise<void>;
}
