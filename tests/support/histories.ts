import type { Case, Check, Ruling } from "../../src/checks/check.ts";
import { attemptByBuyer } from "../../src/domain/buyer-index.ts";
import { breakerCode } from "../../src/domain/breaker-state.ts";
import { attemptKey, buyerName } from "../../src/domain/buyers.ts";
import { computeMetrics } from "../../src/domain/compute-metrics.ts";
import type { FaultPlan } from "../../src/domain/fault.ts";
import { History } from "../../src/domain/history.ts";
import type { Order } from "../../src/domain/order.ts";
import type { Outcome } from "../../src/domain/outcome.ts";
import type { Demands, LoadPlan, Plan, StackPlan } from "../../src/domain/plan.ts";
import { type PurchaseRow, Purchases } from "../../src/domain/purchases.ts";
import type { StockReading } from "../../src/domain/truth.ts";

const RUN = "test";
const MS = 1e6;
const STATUS: Record<Outcome, number> = { sold: 201, sold_out: 409, busy: 503, refused: 429, error: 500, unknown: 0 };

/** An attempt as a test writes it down; times in milliseconds. */
export interface Attempt {
  readonly outcome: Outcome;
  /** Its own number when left out: every attempt another buyer. */
  readonly buyer?: number;
  readonly order?: number;
  readonly sent?: number;
  /** null: it never ended. */
  readonly ended?: number | null;
  readonly status?: number;
  readonly arrived?: number;
  readonly granted?: number;
  readonly remaining?: number;
  readonly token?: number;
  readonly server?: number;
  readonly breaker?: keyof typeof breakerCode;
  readonly since?: number;
}

/** A row as a test writes it down: everything else is what a sound shop would have written for the attempt. */
export type Row = Partial<PurchaseRow> & { readonly attempt?: number };

export interface Story {
  readonly attempts: readonly Attempt[];
  /** null: no probe. Left out: one row for each line of each attempt that was sold. */
  readonly rows?: readonly Row[] | null;
  readonly stock?: readonly number[];
  readonly orders?: readonly Order[];
  readonly demands?: Partial<Demands>;
  readonly load?: Partial<LoadPlan>;
  readonly stack?: Partial<StackPlan>;
  /** Left out: what the rows leave, at redis and at the database. */
  readonly readings?: readonly StockReading[];
  readonly settled?: boolean;
  readonly faults?: readonly FaultPlan[];
  /** In ms; null: that never came. Left out: no record of any fault. */
  readonly faultTimes?: readonly {
    readonly injected: number | null;
    /** When it was injected, if left out. */
    readonly inForce?: number;
    readonly healed: number | null;
    readonly obstacle?: string;
  }[];
  readonly behindProxy?: boolean;
  readonly cpu?: number;
}

export const SINGLE: Order = { lines: [{ product: 0, quantity: 1 }] };

/** `count` attempts that are alike. */
export function times(count: number, attempt: Attempt): Attempt[] {
  return Array.from({ length: count }, () => attempt);
}

/** A whole case for a check, from as little as a test wants to say. */
export function caseOf(story: Story): Case {
  const plan = planOf(story);
  const history = historyOf(story.attempts);
  const purchases = story.rows === null ? null : purchasesOf(story, plan, history);
  const truth = {
    settled: story.settled ?? true,
    settledAfterMs: 40,
    stock: story.readings ?? readingsOf(plan, purchases),
    purchases,
    locks: null,
    agreedAfterMs: null,
  };
  return {
    plan,
    history,
    truth,
    metrics: computeMetrics(history, { plan, purchases, generatorCpuPercent: story.cpu ?? null }),
    behindProxy: story.behindProxy ?? false,
    wire: null,
    faults: (story.faultTimes ?? []).map(({ injected, inForce, healed, obstacle }, fault) => ({
      fault,
      obstacle,
      injectedAt: injected === null ? Number.NaN : injected * MS,
      inForceAt: (inForce ?? injected ?? Number.NaN) * MS,
      healedAt: healed === null ? Number.NaN : healed * MS,
    })),
  };
}

export function judge(check: Check, story: Story): Ruling {
  return check.judge(caseOf(story));
}

export function historyOf(attempts: readonly Attempt[]): History {
  const history = new History(0n, attempts.length);
  attempts.forEach((attempt, index) => {
    history.begin(attempt.buyer ?? index, attempt.order ?? 0, (attempt.sent ?? index) * MS, attempt.server ?? 0);
  });
  attempts.forEach((attempt, index) => {
    if (attempt.ended === null) return;
    const ended = attempt.ended ?? (attempt.sent ?? index) + 10;
    history.end(index, ended * MS, attempt.status ?? STATUS[attempt.outcome], attempt.outcome, {
      arrivedAt: inNs(attempt.arrived),
      grantedAt: inNs(attempt.granted),
      remaining: attempt.remaining,
      fencingToken: attempt.token,
      breaker: attempt.breaker === undefined ? undefined : breakerCode[attempt.breaker],
      breakerSince: inNs(attempt.since),
    });
  });
  return history;
}

function inNs(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms * MS;
}

export function planOf({ stock = [10], orders = [SINGLE], ...story }: Omit<Story, "attempts">): Plan {
  return {
    scenario: "test",
    title: "a test",
    folder: ".",
    tags: [],
    stack: {
      redisNodes: 1,
      externalRedis: [],
      replicas: 1,
      port: null,
      tap: false,
      tapForFaults: false,
      ...story.stack,
    },
    target: {
      start: null,
      url: "http://127.0.0.1:1",
      ready: { path: "/", status: 200, withinMs: 1000 },
      seed: [],
      purchase: { method: "POST", path: "/", headers: {}, body: null, items: null },
      outcomes: [],
      answer: {
        arrivedAt: "arrived",
        grantedAt: "granted",
        remaining: "remaining",
        fencingToken: null,
        breaker: null,
        breakerSince: null,
      },
      stockProbes: [],
      purchaseProbe: null,
      locks: [],
      lockKeys: null,
    },
    products: stock.map((units, product) => ({ id: `p${String(product)}`, stock: units })),
    load: {
      buyers: 1,
      spawnRate: null,
      runTimeMs: null,
      timeoutMs: 1000,
      buyersRepeat: false,
      retry: null,
      orders,
      orderOf: [0],
      ...story.load,
    },
    lock: null,
    demands: {
      sold: null,
      perBuyer: 1,
      firstCome: 0.99,
      firstComePerServer: null,
      thresholds: [],
      contention: { inFlight: 2, spreadMs: null },
      settle: { quietMs: 1, withinMs: 100 },
      recoveryMs: null,
      breaker: null,
      ...story.demands,
    },
    faults: story.faults ?? [],
    seed: 1,
    control: null,
  };
}

function purchasesOf({ attempts, rows }: Story, plan: Plan, history: History): Purchases {
  const context = {
    run: RUN,
    products: plan.products.map(({ id }) => id),
    attemptOfBuyer: attemptByBuyer(history),
  };
  const sold = attempts.flatMap(({ outcome }, attempt) => (outcome === "sold" ? [{ attempt }] : []));
  const written = (rows ?? sold).flatMap((row) => writtenFor(row, plan, history));
  return Purchases.from(
    written.map((row, place) => ({ ...row, id: String(place + 1) })),
    context,
  );
}

/** The rows of an attempt's order, with whatever the test says otherwise. */
function writtenFor({ attempt, ...other }: Row, plan: Plan, history: History): PurchaseRow[] {
  const stranger = { id: "", buyer: "somebody", product: "p0", quantity: 1, ...other };
  if (attempt === undefined) return [stranger];
  const lines = plan.load.orders[history.order(attempt)]?.lines ?? [];
  const chosen = other.product === undefined ? lines : lines.slice(0, 1);
  return chosen.map(({ product, quantity }) => ({
    id: "",
    buyer: buyerName(history.buyer(attempt)),
    product: plan.products[product]?.id ?? "?",
    quantity,
    key: attemptKey(RUN, attempt),
    ...other,
  }));
}

function readingsOf(plan: Plan, purchases: Purchases | null): StockReading[] {
  return plan.products.flatMap(({ stock }, product) =>
    ["redis", "database"].map((source) => {
      const units = stock - (purchases?.units(product) ?? 0);
      return { source, product, units, said: String(units) };
    }),
  );
}
