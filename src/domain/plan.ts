import type { FaultPlan } from "./fault.ts";
import type { Order } from "./order.ts";
import type { Outcome } from "./outcome.ts";
import type { Template } from "./template.ts";
import type { Threshold } from "./threshold.ts";
import type { Verdict } from "./finding.ts";

/** A scenario with every default and override applied: all that a run needs to know. Plain data. */
export interface Plan {
  readonly scenario: string;
  readonly title: string;
  /** The scenario's folder; relative paths of its target start here. */
  readonly folder: string;
  readonly tags: readonly string[];
  readonly stack: StackPlan;
  readonly target: TargetPlan;
  readonly products: readonly ProductPlan[];
  readonly load: LoadPlan;
  /** null when the target knows no choice of locks. */
  readonly lock: string | null;
  readonly demands: Demands;
  /** What is broken while the load runs, and when. */
  readonly faults: readonly FaultPlan[];
  /** Seeds whatever the run draws at random (which buyer takes which product). */
  readonly seed: number;
  /** Present on scenarios that are broken on purpose. */
  readonly control: ControlPlan | null;
}

export interface StackPlan {
  /** Redis nodes to start; 0 for a shop that needs none. */
  readonly redisNodes: number;
  /** URLs of Redis servers that are already there. They are read, never written. Empty when nodes are started. */
  readonly externalRedis: readonly string[];
  /** How many server processes share the load. */
  readonly replicas: number;
  /** A fixed port for the first server, or null for a free one. */
  readonly port: number | null;
  /** True when a wire tap stands between the servers and the Redis nodes, where the stack has one. */
  readonly tap: boolean;
  /** True when the tap is there for the sake of faults alone: the scenario asked for none. */
  readonly tapForFaults: boolean;
}

export interface ProductPlan {
  readonly id: string;
  readonly stock: number;
}

export interface LoadPlan {
  readonly buyers: number;
  /** Buyers that begin each second; null: all at once. */
  readonly spawnRate: number | null;
  /** How long each buyer goes on buying, in ms; null: each buys once. */
  readonly runTimeMs: number | null;
  /** An attempt without an answer after this is given up as unknown, in ms. */
  readonly timeoutMs: number;
  /** In a sustained load: true when a buyer comes back under the same name, false when each attempt is a new buyer. */
  readonly buyersRepeat: boolean;
  /** The distinct orders of this run. */
  readonly orders: readonly Order[];
  /** Which order each buyer places: attempt n takes `orderOf[n % orderOf.length]`; where buyers come back, buyer n does. */
  readonly orderOf: readonly number[];
  /** Whether a buyer who was told `busy` or `refused`, or who could not connect, comes back. */
  readonly retry: RetryPlan | null;
}

/** How buyers come back. Each try is an attempt of its own, under the same buyer and a new key. */
export interface RetryPlan {
  /** Pause before the next try, in ms, of which a random half is left out. */
  readonly pauseMs: number;
  /** Nobody comes back later than this after his first try, in ms. */
  readonly withinMs: number;
}

/** The contract with the shop under test: the same for the bundled server and for anybody's. */
export interface TargetPlan {
  /** How to start it, or null when it is already running at `url`. */
  readonly start: StartPlan | null;
  /** Where it already runs; null when lockbench starts it. */
  readonly url: string | null;
  readonly ready: ReadyPlan;
  readonly seed: readonly SeedPlan[];
  readonly purchase: PurchaseRequestPlan;
  /** First match wins; an answer that matches none is an `error`. */
  readonly outcomes: readonly OutcomeRule[];
  readonly answer: AnswerFields;
  readonly stockProbes: readonly StockProbePlan[];
  readonly purchaseProbe: PurchaseProbePlan | null;
  /** Lock names that this target can be started with. */
  readonly locks: readonly string[];
  /** Which keys in Redis are locks; null where the checks of locks have nothing to go by. */
  readonly lockKeys: LockKeysPlan | null;
}

/** Key patterns with `${product}`: the key of a product's lock, and the key that it guards. */
export interface LockKeysPlan {
  readonly lock: string;
  readonly guarded: string | null;
}

export interface StartPlan {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take to stop after SIGTERM, in ms. */
  readonly stopWithinMs: number;
}

export interface ReadyPlan {
  readonly path: string;
  readonly status: number;
  readonly withinMs: number;
}

export type SeedPlan =
  | { readonly kind: "redis"; readonly commands: readonly (readonly string[])[] }
  | { readonly kind: "sqlite"; readonly file: string; readonly statements: readonly string[] }
  | {
      readonly kind: "http";
      readonly method: string;
      readonly path: string;
      readonly body: Template;
      readonly status: number;
    }
  | { readonly kind: "command"; readonly command: readonly string[]; readonly withinMs: number };

export interface PurchaseRequestPlan {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A string is sent as it is; a structure as JSON; null: no body. */
  readonly body: Template;
  /** One line of an order; `${items}` in the body becomes the list of them. */
  readonly items: Template;
}

export interface OutcomeRule {
  readonly outcome: Outcome;
  /** Statuses from..to, both included; null matches every status. */
  readonly status: readonly [number, number] | null;
  /** Dotted paths into the JSON body and the value that each must have. */
  readonly body: Readonly<Record<string, string | number | boolean | null>>;
  /** A regular expression that the raw body must match; null matches every body. */
  readonly bodyMatches: string | null;
}

/** Dotted paths into the JSON answer where it carries these; null where it does not. */
export interface AnswerFields {
  readonly arrivedAt: string | null;
  readonly grantedAt: string | null;
  readonly remaining: string | null;
  readonly fencingToken: string | null;
  /** The state of the server's circuit breaker: closed, open or half_open. */
  readonly breaker: string | null;
  /** When the breaker came into that state, on the monotonic clock. */
  readonly breakerSince: string | null;
}

export type StockProbePlan =
  | { readonly kind: "redis"; readonly name: string; readonly key: string; readonly field: string | null }
  | { readonly kind: "sqlite"; readonly name: string; readonly file: string; readonly query: string }
  | { readonly kind: "http"; readonly name: string; readonly path: string; readonly value: string };

export type PurchaseProbePlan =
  | { readonly kind: "sqlite"; readonly file: string; readonly query: string }
  | {
      readonly kind: "http";
      readonly path: string;
      /** Dotted path to the list of rows; "" when the body is the list. */
      readonly rows: string;
      /** Which field of a row holds what. */
      readonly fields: Readonly<Record<string, string>>;
    };

/** What the scenario demands of a run. */
export interface Demands {
  /** Units that must be sold over all products; null: as many as stock and buyers allow. */
  readonly sold: number | null;
  /** Units one buyer may own; null: no limit. */
  readonly perBuyer: number | null;
  /** Least share of units that must go to the first arrivals, 0..1; null: not judged. */
  readonly firstCome: number | null;
  /** The same of the units that each server sold, for shops that promise no order between servers; null: not judged. */
  readonly firstComePerServer: number | null;
  readonly thresholds: readonly Threshold[];
  readonly contention: ContentionDemand;
  readonly settle: { readonly quietMs: number; readonly withinMs: number };
  /** After the last fault is healed: the longest time until buyers are served and all witnesses agree, in ms; null: not judged. */
  readonly recoveryMs: number | null;
  readonly breaker: BreakerDemand | null;
}

/** What a scenario demands of the shop's circuit breaker: that it opens, refuses fast, and closes again. */
export interface BreakerDemand {
  /** p99 of the refusals while it is open, in ms. */
  readonly refusalP99Ms: number;
}

export interface ContentionDemand {
  /** Least number of buyers in flight at once. */
  readonly inFlight: number;
  /** Longest time between the first and the last send of a burst, in ms; null: not judged. */
  readonly spreadMs: number | null;
}

/** What `prove` expects of a scenario that is broken on purpose. */
export interface ControlPlan {
  /** The flaw, in one sentence. */
  readonly flaw: string;
  /** The check that must notice it, and what it must say. */
  readonly check: string;
  readonly verdict: Verdict;
  /** The verdict of the whole run. */
  readonly run: Verdict;
  /** Checks that must not fail here, because nothing of theirs is violated. */
  readonly mustNotFail: readonly string[];
}
