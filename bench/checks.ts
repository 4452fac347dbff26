import { performance } from "node:perf_hooks";
import { checksFor } from "../src/checks/all.ts";
import { judgeAll } from "../src/checks/check.ts";
import { attemptByBuyer } from "../src/domain/buyer-index.ts";
import { attemptKey, buyerName } from "../src/domain/buyers.ts";
import { computeMetrics } from "../src/domain/compute-metrics.ts";
import type { Finding } from "../src/domain/finding.ts";
import { History } from "../src/domain/history.ts";
import type { Plan } from "../src/domain/plan.ts";
import { type PurchaseRow, Purchases } from "../src/domain/purchases.ts";
import { seededRandom } from "../src/domain/random.ts";
import { sortedOrder } from "../src/domain/sorted-order.ts";
import { judgement, median, spread } from "./statistics.ts";

const LARGEST = 1_000_000;
const SIZES = [10_000, 100_000, LARGEST];
const RUN = "20261123T150405.123Z-bench-ab12";
const ROUNDS = 5;
const GOAL_S = 2;
const GOAL_MB = 150;
/** Time for each attempt at 10^6 against 10^4: sorting alone grows by a half, and caches are left behind. */
const GOAL_GROWTH = 2;
const BUYERS_PER_UNIT = 3;
const US = 1e3;

function planFor(attempts: number): Plan {
  return {
    scenario: "bench",
    title: "a sound sale, three buyers for each unit",
    folder: ".",
    tags: [],
    stack: { redisNodes: 1, externalRedis: [], replicas: 1, port: null, tap: false, tapForFaults: false },
    target: anyTarget(),
    products: [{ id: "1", stock: Math.floor(attempts / BUYERS_PER_UNIT) }],
    load: {
      buyers: attempts,
      spawnRate: null,
      runTimeMs: null,
      timeoutMs: 10_000,
      buyersRepeat: false,
      retry: null,
      orders: [{ lines: [{ product: 0, quantity: 1 }] }],
      orderOf: [0],
    },
    lock: null,
    demands: {
      sold: null,
      perBuyer: 1,
      firstCome: 0.99,
      firstComePerServer: null,
      thresholds: [{ metric: "p99", operator: "<", bound: 1e9 }],
      contention: { inFlight: 2, spreadMs: null },
      settle: { quietMs: 1, withinMs: 1 },
      recoveryMs: null,
      breaker: null,
    },
    faults: [],
    seed: 1,
    control: null,
  };
}

/** A contract that no check looks into. */
function anyTarget(): Plan["target"] {
  return {
    start: null,
    url: "http://127.0.0.1:1",
    ready: { path: "/", status: 200, withinMs: 1 },
    seed: [],
    purchase: { method: "POST", path: "/", headers: {}, body: null, items: null },
    outcomes: [],
    answer: {
      arrivedAt: "arrived",
      grantedAt: "granted",
      remaining: "remaining",
      fencingToken: "token",
      breaker: null,
      breakerSince: null,
    },
    stockProbes: [],
    purchaseProbe: null,
    locks: [],
    lockKeys: null,
  };
}

/** What happened, in the plainest form; written down before anything is measured. */
interface Sale {
  readonly arrivedAt: Float64Array;
  readonly grantedAt: Float64Array;
  readonly remaining: Float64Array;
  readonly sold: Uint8Array;
  /** As a probe hands them over. */
  readonly rows: PurchaseRow[];
}

/** A fair shop that serves a buyer each eight microseconds, with arrivals a little out of the order of sending. */
function stage(attempts: number, stock: number): Sale {
  const random = seededRandom(7);
  const arrivedAt = new Float64Array(attempts).map((_, attempt) => sentAt(attempt) + Math.floor(random() * 300 * US));
  const sale = {
    arrivedAt,
    grantedAt: arrivedAt.slice(),
    remaining: arrivedAt.slice(),
    sold: new Uint8Array(attempts),
    rows: [] as PurchaseRow[],
  };
  let freeAt = 0;
  sortedOrder(arrivedAt).forEach((attempt, place) => {
    sale.grantedAt[attempt] = Math.max(arrivedAt[attempt] ?? 0, freeAt);
    freeAt = (sale.grantedAt[attempt] ?? 0) + 8 * US;
    sale.remaining[attempt] = Math.max(0, stock - place - 1);
    sale.sold[attempt] = place < stock ? 1 : 0;
  });
  for (const row of rowsOf(sale)) sale.rows.push(row);
  return sale;
}

function sentAt(attempt: number): number {
  return attempt * 10 * US;
}

function record(sale: Sale): History {
  const attempts = sale.sold.length;
  const history = new History(0n, attempts);
  for (let attempt = 0; attempt < attempts; attempt += 1) history.begin(attempt, 0, sentAt(attempt));
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const grantedAt = sale.grantedAt[attempt] ?? 0;
    const details = {
      arrivedAt: sale.arrivedAt[attempt],
      grantedAt,
      remaining: sale.remaining[attempt],
      fencingToken: attempt,
    };
    const sold = sale.sold[attempt] === 1;
    history.end(attempt, grantedAt + 100 * US, sold ? 201 : 409, sold ? "sold" : "sold_out", details);
  }
  return history;
}

function* rowsOf({ sold, remaining }: Pick<Sale, "sold" | "remaining">): Generator<PurchaseRow> {
  for (let attempt = 0; attempt < sold.length; attempt += 1) {
    if (sold[attempt] !== 1) continue;
    // A text put together is copied when it is first read; one that a database hands over is not.
    const key = Buffer.from(attemptKey(RUN, attempt)).toString();
    const owner = { buyer: buyerName(attempt), key };
    yield { id: String(attempt), product: "1", quantity: 1, remaining: remaining[attempt], ...owner };
  }
}

/** Everything between the first attempt and the verdict, but the shop. */
function conclude(plan: Plan, sale: Sale, onStep: () => void): Finding[] {
  const history = record(sale);
  onStep();
  const purchases = Purchases.from(sale.rows, {
    run: RUN,
    products: ["1"],
    attemptOfBuyer: attemptByBuyer(history),
  });
  onStep();
  const units = (plan.products[0]?.stock ?? 0) - purchases.units(0);
  const stock = [{ source: "redis", product: 0, units, said: String(units) }];
  const truth = { settled: true, settledAfterMs: 1, stock, purchases, locks: null, agreedAfterMs: null };
  const metrics = computeMetrics(history, { plan, purchases, generatorCpuPercent: 50 });
  onStep();
  return checksFor(plan).flatMap((check) => {
    const findings = judgeAll([check], { plan, history, truth, metrics, behindProxy: false, wire: null, faults: [] });
    onStep();
    return findings;
  });
}

interface Round {
  readonly seconds: number;
  /** Of this process, all threads: what other work on the machine does not stretch. */
  readonly cpuSeconds: number;
  /** Most heap and typed arrays in use after any step, garbage included, over what was in use before. */
  readonly megabytes: number;
  /** The kernel's high-water mark, over what was resident before: with what the allocator keeps for itself. */
  readonly residentMegabytes: number;
}

function measure(attempts: number): Round {
  const plan = planFor(attempts);
  const sale = stage(attempts, plan.products[0]?.stock ?? 0);
  globalThis.gc?.();
  const [before, resident] = [inUse(), process.memoryUsage.rss()];
  let most = before;
  const cpu = process.cpuUsage();
  const started = performance.now();
  const findings = conclude(plan, sale, () => (most = Math.max(most, inUse())));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const doubted = findings.filter(({ verdict }) => verdict !== "pass").map(({ name, detail }) => `${name}: ${detail}`);
  if (doubted.length > 0) throw new Error(`the history of a sound sale did not pass: ${doubted.join("; ")}`);
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    megabytes: (most - before) / 1e6,
    residentMegabytes: (process.resourceUsage().maxRSS * 1024 - resident) / 1e6,
  };
}

function inUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function main(): void {
  // The first round at full size comes first of all, so that the high-water mark is its own.
  const first = measure(LARGEST);
  const perAttempt = SIZES.map((attempts) => {
    const rounds = Array.from({ length: ROUNDS }, () => measure(attempts));
    const seconds = rounds.map((round) => round.seconds);
    const cpu = rounds.map((round) => round.cpuSeconds);
    process.stdout.write(
      `${String(attempts).padStart(9)} attempts: ${spread(seconds, "s")}, CPU ${spread(cpu, "s")}\n`,
    );
    return median(seconds) / attempts;
  });
  const [least = Number.NaN] = perAttempt;
  const most = perAttempt.at(-1) ?? Number.NaN;
  const lines = [
    judgement("seconds for a million attempts", most * LARGEST, "<=", GOAL_S),
    judgement("megabytes over the baseline", first.megabytes, "<=", GOAL_MB),
    judgement("cost of an attempt among 10^6 against 10^4", most / least, "<=", GOAL_GROWTH),
  ];
  const resident = `       resident at most: ${first.residentMegabytes.toFixed(0)} MB over the baseline`;
  process.stdout.write(`${[...lines, resident].join("\n")}\n`);
}

main();
