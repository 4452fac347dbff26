import type { Check } from "../checks/check.ts";
import type { FaultRecord } from "../domain/fault.ts";
import type { Finding } from "../domain/finding.ts";
import type { History } from "../domain/history.ts";
import type { Metrics } from "../domain/metrics.ts";
import type { Plan, SeedPlan } from "../domain/plan.ts";
import type { PurchaseRow } from "../domain/purchases.ts";
import type { RunRecord } from "../domain/record.ts";
import type { LockReading, StockReading } from "../domain/truth.ts";
import type { WireLog } from "../domain/wire.ts";
import type { Engine } from "../engines/engine.ts";
import type { Fault } from "../faults/fault.ts";
import type { ProbeTarget, PurchaseProbe, StockProbe } from "../probes/probe.ts";
import type { Seed } from "../seeds/seed.ts";
import type { Clock } from "../host/clock.ts";
import type { RedisNode, RunningStack, StackProvider } from "../stacks/stack.ts";

/** Everything with effects that a run needs, handed in by the command line. */
export interface Tools {
  readonly clock: Clock;
  readonly stack: StackProvider;
  readonly engine: Engine;
  readonly keeper: Keeper;
  readonly seed: (step: SeedPlan, plan: Plan) => Promise<Seed>;
  readonly stockProbes: (plan: Plan, target: ProbeTarget) => Promise<readonly StockProbe[]>;
  readonly purchaseProbe: (plan: Plan, target: ProbeTarget) => Promise<PurchaseProbe | null>;
  readonly faults: (plan: Plan, stack: RunningStack) => Promise<readonly Fault[]>;
  /** Lock keys that are there now, on every node; null where the plan does not say which keys are locks. */
  readonly locks: (plan: Plan, nodes: readonly RedisNode[]) => Promise<readonly LockReading[] | null>;
  readonly checksFor: (plan: Plan) => Promise<readonly Check[]>;
  /** Version of the Redis servers of a run, or null without one. */
  readonly redisVersion: (nodes: readonly RedisNode[]) => Promise<string | null>;
  /** Remembers which run a stack that stays shows now. */
  readonly noteRun: (stack: RunningStack, run: string) => void;
  /** What is the same for every run of this process. */
  readonly machine: {
    readonly lockbench: string;
    readonly node: string;
    readonly platform: string;
    readonly cores: number;
  };
}

/** Keeps records and evidence. */
export interface Keeper {
  /** Begins the folder of a run under a new id; nothing is visible under its final name until `finish`. */
  begin(plan: Plan, startedAt: Date): EvidenceFolder;
}

export interface EvidenceFolder {
  /** The run's id, which also goes into every idempotency key. */
  readonly id: string;
  /** Keeps a row just as the probe read it. */
  purchase(row: PurchaseRow): void;
  attempts(history: History): Promise<void>;
  stock(readings: readonly StockReading[]): void;
  locks(readings: readonly LockReading[]): void;
  /** What became of each fault of the plan. */
  faults(records: readonly FaultRecord[]): void;
  /** What the wire tap has recorded. */
  wire(log: WireLog): void;
  /** Writes the record with the digests of the evidence, and makes the folder visible. */
  finish(record: Omit<RunRecord, "evidence">): RunRecord;
  /** Removes what was written; harmless after `finish`. */
  abandon(): void;
}

/** What judging a run comes to. */
export interface Judgement {
  readonly metrics: Metrics;
  readonly checks: readonly Finding[];
  /** What was left out of the judgement, for people; empty when nothing was. */
  readonly remarks: readonly string[];
}
