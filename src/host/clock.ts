import { setTimeout as delay } from "node:timers/promises";

export interface Clock {
  /** Monotonic, in milliseconds with fractions; only differences mean something. */
  now(): number;
  /** The same clock in nanoseconds; all processes of one machine share it. */
  nowNs(): bigint;
  /** Wall-clock time for people, never for intervals. */
  date(): Date;
  /** Waits; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export function systemClock(): Clock {
  return { now, nowNs: () => process.hrtime.bigint(), date: () => new Date(), sleep };
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // Node rejects with an AbortError of its own; the caller wants to know why it was aborted.
    signal?.throwIfAborted();
    throw error;
  }
}
