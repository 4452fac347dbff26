import type { Clock } from "../../host/clock.ts";

/** Nanoseconds since one moment on the machine's monotonic clock: the stamps of a history. */
export interface Stopwatch {
  readonly originNs: bigint;
  now(): number;
}

export function startStopwatch(clock: Clock): Stopwatch {
  const originNs = clock.nowNs();
  return { originNs, now: () => Number(clock.nowNs() - originNs) };
}
