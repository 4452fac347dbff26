import type { Outcome } from "./outcome.ts";

/** The figures of a run. Latencies are milliseconds from sending to the end of the answer, over every attempt that was sent and ended. */
export interface Metrics {
  readonly attempts: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Attempts that found no connection: errors without a latency. null where nobody counted them. */
  readonly unconnected: number | null;
  /** Answered attempts ÷ (last answer − first send), per second; null without an answer. */
  readonly tps: number | null;
  readonly latencyMs: LatencyFigures | null;
  /** When the first attempt was sent, on the history's clock; null without any. */
  readonly firstSendMs: number | null;
  /** From the first send to the answer of the last sale; null when nothing was sold or the stock did not run out. */
  readonly timeToSellOutMs: number | null;
  /** The most attempts that were in flight at once. */
  readonly peakInFlight: number;
  /** Attempts by buyers who came back; null where nobody does. */
  readonly comebacks: number | null;
  /** From the first send to the last, of each buyer's first try. */
  readonly sendSpreadMs: number;
  /** From the first arrival to the last of the same on the servers' stamps; null where they give none. */
  readonly arrivalSpreadMs: number | null;
  /** Share of one core that the generator used while the load ran, in percent. */
  readonly generatorCpuPercent: number | null;
}

export interface LatencyFigures {
  /** How many attempts these figures are made from. */
  readonly samples: number;
  readonly avg: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}
