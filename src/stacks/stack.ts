import type { Plan } from "../domain/plan.ts";
import type { Variables } from "../domain/template.ts";
import type { WireLog, WireRule } from "../domain/wire.ts";

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

/**
 * What can be done to the services of a stack, by name (`redis`, `redis1`, `app`, …).
 * Every method throws a LockbenchError (exit 5) when it could not be done.
 */
export interface StackControls {
  /**
   * Ends a service at once, as a power cut would, and returns when it is dead.
   * @param data what a Redis node has when it is restarted
   * @returns the moment before the signal was sent, in ns on the machine's monotonic clock
   */
  kill(service: string, data: "kept" | "lost"): Promise<bigint>;
  /** Starts a killed service again on the same port. */
  restart(service: string): Promise<void>;
  /** Stops a service in its tracks; its connections stay open. */
  freeze(service: string): Promise<void>;
  /** Lets a frozen service go on. */
  thaw(service: string): Promise<void>;
  /** Waits until a service answers as it should. */
  answered(service: string): Promise<void>;
  /** null where no wire tap stands between the servers and Redis. */
  readonly wire: WireTap | null;
  /** null where services have no network of their own that they could be taken off. */
  readonly network: Network | null;
  /** Notes on disk that faults are in force, so that nobody takes the stack for a sound one if this process dies. */
  inFault(inForce: boolean): void;
}

/** The proxy between the servers and the Redis nodes: it records what matters, and bends the wire. */
export interface WireTap {
  /** Forgets what was recorded, and begins anew. */
  begin(): Promise<void>;
  /** Puts these rules in the place of those before. */
  shape(rules: readonly WireRule[]): Promise<void>;
  /** @param originNs the zero of the history's clock: stamps are counted from it */
  read(originNs: bigint): Promise<WireLog>;
  close(): void;
}

/** The network between containers. */
export interface Network {
  disconnect(service: string): Promise<void>;
  connect(service: string): Promise<void>;
}

/** Something that befell a service since the stack was ready, and that no fault of the run did to it. */
export interface Casualty {
  /** One line, with the end of its log where it has died. */
  readonly what: string;
  /** True where somebody other than the shop may have done it: then what the checks complain of may be his doing. */
  readonly byOthers: boolean;
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
  /** null where lockbench has started nothing that it could break. */
  readonly controls: StackControls | null;
  /** Services that have died, or were restarted or paused by others. */
  casualties(): Promise<readonly Casualty[]>;
  /** Stops everything this stack started; harmless when called twice. Never called on a stack that stays. */
  down(): Promise<void>;
}
