import { expect, test } from "vitest";
import type { Metrics } from "../../src/domain/metrics.ts";
import { type Story, caseOf, times } from "../support/histories.ts";

function metricsOf(story: Story): Metrics {
  return caseOf(story).metrics;
}

test("answers per second run from the first send to the last answer, over whatever was answered", () => {
  const metrics = metricsOf({
    attempts: [
      { outcome: "sold", sent: 100, ended: 300 },
      { outcome: "busy", sent: 150, ended: 600 },
      { outcome: "unknown", sent: 100, ended: 5000 },
    ],
  });
  expect(metrics.tps).toBe(4);
  expect(metrics.outcomes).toEqual({ sold: 1, sold_out: 0, busy: 1, refused: 0, error: 0, unknown: 1 });
});

test("where buyers come back, their tries are counted, and the spread is that of the first of each", () => {
  const attempts = [
    { outcome: "busy", buyer: 0, sent: 0 },
    { outcome: "sold", buyer: 1, sent: 4 },
    { outcome: "busy", buyer: 0, sent: 100 },
    { outcome: "sold", buyer: 0, sent: 200, arrived: 205 },
  ] as const;
  const load = { retry: { pauseMs: 1, withinMs: 1000 } };
  const metrics = metricsOf({ attempts, load });
  expect(metrics).toMatchObject({ attempts: 4, comebacks: 2, sendSpreadMs: 4, arrivalSpreadMs: null });
  expect(metricsOf({ attempts })).toMatchObject({ comebacks: null, sendSpreadMs: 200 });
});

test("latencies come from every attempt that ended, and the samples are counted", () => {
  const latencies = [40, 10, 30, 20];
  const attempts = latencies.map((ms) => ({ outcome: "sold", sent: 5, ended: 5 + ms }) as const);
  const metrics = metricsOf({ attempts: [...attempts, { outcome: "unknown", ended: null }] });
  expect(metrics.latencyMs).toEqual({ samples: 4, avg: 25, p50: 20, p95: 40, p99: 40, max: 40 });
});

test("who found no connection waited for nothing: counted apart, and no sample of a latency", () => {
  const refused = { outcome: "error", status: 0, sent: 7, ended: 7 } as const;
  const slow = times(2, { outcome: "sold", sent: 0, ended: 400 });
  const metrics = metricsOf({ attempts: [...slow, ...times(50, refused), { outcome: "error", sent: 0, ended: 100 }] });
  expect(metrics).toMatchObject({ unconnected: 50, tps: 7.5, latencyMs: { samples: 3, avg: 300, p50: 400 } });
  expect(metricsOf({ attempts: [refused] })).toMatchObject({ unconnected: 1, latencyMs: null, tps: null });
});

test("without attempts, and without answers, there are no figures", () => {
  expect(metricsOf({ attempts: [] })).toMatchObject({
    attempts: 0,
    tps: null,
    latencyMs: null,
    peakInFlight: 0,
    sendSpreadMs: 0,
  });
  expect(metricsOf({ attempts: [{ outcome: "unknown" }] }).tps).toBeNull();
});

test("the time to sell out ends with the answer of the last sale, if nothing is left", () => {
  const attempts = [
    { outcome: "sold", sent: 10, ended: 30 },
    { outcome: "sold", sent: 12, ended: 50 },
    { outcome: "sold_out", sent: 12, ended: 90 },
  ] as const;
  expect(metricsOf({ attempts, stock: [2] }).timeToSellOutMs).toBe(40);
  expect(metricsOf({ attempts, stock: [2], rows: null }).timeToSellOutMs).toBe(40);
  expect(metricsOf({ attempts, stock: [3] }).timeToSellOutMs).toBeNull();
  expect(metricsOf({ attempts: times(2, { outcome: "sold_out" }), stock: [0] }).timeToSellOutMs).toBeNull();
});

test("a product that nobody asked for need not run out", () => {
  expect(metricsOf({ attempts: [{ outcome: "sold", sent: 0, ended: 10 }], stock: [1, 50] }).timeToSellOutMs).toBe(10);
});

test("attempts in flight at once, and the spread of sends and of plausible arrivals", () => {
  const metrics = metricsOf({
    attempts: [
      { outcome: "sold", sent: 0, ended: 10, arrived: 2 },
      { outcome: "sold", sent: 5, ended: 20, arrived: 9 },
      { outcome: "sold", sent: 10, ended: 12, arrived: 9999 },
    ],
    cpu: 71,
  });
  expect(metrics).toMatchObject({ peakInFlight: 2, sendSpreadMs: 10, arrivalSpreadMs: 7, generatorCpuPercent: 71 });
});
