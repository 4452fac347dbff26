import { History } from "../../src/domain/history.ts";
import type { Plan } from "../../src/domain/plan.ts";
import type { PurchaseRow } from "../../src/domain/purchases.ts";
import type { RunRecord } from "../../src/domain/record.ts";
import type { StockReading } from "../../src/domain/truth.ts";

/** A plan for 3 units of product "1" and 5 buyers. */
export function samplePlan(scenario = "v1_stress"): Plan {
  return {
    scenario,
    title: "three units, five buyers",
    folder: "/scenarios/v1_stress",
    tags: ["v1"],
    stack: { redisNodes: 1, externalRedis: [], replicas: 1, port: null, tap: false, tapForFaults: false },
    target: {
      start: null,
      url: "http://127.0.0.1:8080",
      ready: { path: "/health", status: 200, withinMs: 1000 },
      seed: [],
      purchase: { method: "POST", path: "/purchases", headers: {}, body: { buyer: "${buyer}" }, items: null },
      outcomes: [{ outcome: "sold", status: [201, 201], body: {}, bodyMatches: null }],
      answer: {
        arrivedAt: "arrivedAtNs",
        grantedAt: null,
        remaining: "remaining",
        fencingToken: null,
        breaker: null,
        breakerSince: null,
      },
      stockProbes: [{ kind: "redis", name: "redis", key: "stock:${product}", field: null }],
      purchaseProbe: { kind: "sqlite", file: "shop.db", query: "SELECT * FROM purchases" },
      locks: ["fifo"],
      lockKeys: null,
    },
    products: [{ id: "1", stock: 3 }],
    load: {
      buyers: 5,
      spawnRate: null,
      runTimeMs: null,
      timeoutMs: 10_000,
      buyersRepeat: false,
      retry: null,
      orders: [{ lines: [{ product: 0, quantity: 1 }] }],
      orderOf: [0],
    },
    lock: "fifo",
    demands: {
      sold: null,
      perBuyer: 1,
      firstCome: 0.99,
      firstComePerServer: null,
      thresholds: [{ metric: "p99", operator: "<", bound: 1000 }],
      contention: { inFlight: 2, spreadMs: 500 },
      settle: { quietMs: 150, withinMs: 10_000 },
      recoveryMs: null,
      breaker: null,
    },
    faults: [],
    seed: 7,
    control: null,
  };
}

/** Five attempts: three sold, one sold out, one without an answer. */
export function sampleHistory(): History {
  const history = new History(123_456_789_012_345n, 5);
  for (let buyer = 0; buyer < 5; buyer += 1) history.begin(buyer, 0, 1000 * buyer + 0.5);
  history.end(0, 20_000.25, 201, "sold", { arrivedAt: 4000, remaining: 2 });
  history.end(1, 21_000, 201, "sold", { arrivedAt: 5000, remaining: 1 });
  history.end(2, 22_000, 201, "sold", { arrivedAt: 6000, remaining: 0 });
  history.end(3, 23_000, 409, "sold_out", { arrivedAt: 7000 });
  history.end(4, 10_000_024_000, 0, "unknown");
  return history;
}

export function sampleRows(run: string): PurchaseRow[] {
  return [0, 1, 2].map((buyer) => ({
    id: String(buyer + 1),
    buyer: `buyer-${String(buyer)}`,
    product: "1",
    quantity: 1,
    key: `${run}-${String(buyer)}`,
    remaining: 2 - buyer,
  }));
}

export function sampleStock(): StockReading[] {
  return [
    { source: "redis", product: 0, units: 0, said: "0" },
    { source: "database", product: 0, units: null, said: "no row" },
  ];
}

/** The record of a sale of 100 units to 300 buyers in which everything passed. */
export function sampleRecord(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    schemaVersion: 1,
    id: "20261123T150405.123Z-v1_stress-ab12",
    scenario: "v1_stress",
    startedAt: "2026-11-23T15:04:05.123Z",
    durationMs: 812.5,
    verdict: "pass",
    exitCode: 0,
    reason: "all 3 checks passed",
    checks: [
      finding("oversold", "≤ 0 units", "0 units", "100 committed − 100 initial = 0"),
      finding("first_come", "≥ 99 % of the units", "100 %", "100 of 100 units went to the first 100 arrivals"),
      { ...finding("p99", "< 1000 ms", "18.4 ms", "p99 of 300 samples"), kind: "performance" },
    ],
    metrics: {
      attempts: 300,
      outcomes: { sold: 100, sold_out: 200, busy: 0, refused: 0, error: 0, unknown: 0 },
      unconnected: 0,
      tps: 4321.09,
      latencyMs: { samples: 300, avg: 9.8, p50: 9.12, p95: 17.3, p99: 18.4, max: 18.9 },
      timeToSellOutMs: 61.7,
      firstSendMs: 100,
      peakInFlight: 300,
      comebacks: null,
      sendSpreadMs: 6.25,
      arrivalSpreadMs: 8.5,
      generatorCpuPercent: 64.4,
    },
    truth: {
      settled: true,
      settledAfterMs: 151,
      agreedAfterMs: 20,
      products: [{ product: "1", initial: 100, sold: 100, rows: 100, stock: { redis: 0, database: 0 } }],
    },
    faults: [],
    environment: {
      lockbench: "0.1.0",
      node: "v20.20.2",
      redis: "7.0.15",
      platform: "linux x64",
      cores: 2,
      stack: "local",
      lock: "fifo",
      replicas: 1,
      buyers: 300,
      stock: 100,
      seed: 7,
    },
    incidents: [],
    disturbed: false,
    remarks: [],
    evidence: { "attempts.csv": "a".repeat(64) },
    ...changes,
  };
}

function finding(name: string, expected: string, actual: string, detail: string): RunRecord["checks"][number] {
  return { name, kind: "correctness", verdict: "pass", expected, actual, detail, evidence: [] };
}
