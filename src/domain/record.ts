import type { ExitCode } from "./errors.ts";
import type { Finding, Verdict } from "./finding.ts";
import type { Metrics } from "./metrics.ts";
import type { Remark } from "./remark.ts";

export const SCHEMA_VERSION = 1;

/** What is kept of a run and printed by `--json`. Documented in docs/record.md; its schema is docs/record.schema.json. */
export interface RunRecord {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  /** Sorts by time and is a safe file name: `20261123T150405.123Z-v1_stress-ab12`. */
  readonly id: string;
  readonly scenario: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  /** Why the exit code is what it is, in one line. */
  readonly reason: string;
  readonly checks: readonly Finding[];
  readonly metrics: Metrics;
  readonly truth: TruthSummary;
  /** What was broken while the load ran; empty without faults. */
  readonly faults: readonly FaultSummary[];
  readonly environment: Environment;
  /** What went wrong around the run (a server that died, a record that could not be written), a line each. */
  readonly incidents: readonly string[];
  /** True when somebody else killed, restarted or stopped a part of the stack: then only rows can prove a violation. */
  readonly disturbed: boolean;
  /** What was left out of the verdict and why, what it does not say, and hints about the load. */
  readonly remarks: readonly Remark[];
  /** sha256 of each evidence file, by its name in the run's folder. */
  readonly evidence: Readonly<Record<string, string>>;
}

export interface TruthSummary {
  readonly settled: boolean;
  readonly settledAfterMs: number;
  /** From the last answer or the last healing until all witnesses agreed; null when they never did. */
  readonly agreedAfterMs: number | null;
  readonly products: readonly ProductTruth[];
}

export interface FaultSummary {
  readonly kind: string;
  /** Service names, such as `redis1` and `app`. */
  readonly targets: readonly string[];
  /** `kill redis1 (data lost)` */
  readonly what: string;
  /** In ms on the history's clock; null when it never was in force. */
  readonly injectedMs: number | null;
  /** When it was undone and what it hit answered again; null when that never was. */
  readonly healedMs: number | null;
  /** Why it, or a part of it, could not be injected; null where that was not so, or its moment never came. */
  readonly obstacle: string | null;
}

export interface ProductTruth {
  readonly product: string;
  readonly initial: number;
  /** Units in purchase rows; null without a purchase probe. */
  readonly sold: number | null;
  readonly rows: number | null;
  /** Units left according to each witness. */
  readonly stock: Readonly<Record<string, number | null>>;
}

export interface Environment {
  readonly lockbench: string;
  readonly node: string;
  readonly redis: string | null;
  readonly platform: string;
  readonly cores: number;
  readonly stack: string;
  readonly lock: string | null;
  readonly replicas: number;
  readonly buyers: number;
  readonly stock: number;
  readonly seed: number;
}
