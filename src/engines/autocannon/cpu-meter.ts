import type { Stopwatch } from "./stopwatch.ts";

/** Measures how busy this process is: a generator at its limit measures itself instead of the shop. */
export class CpuMeter {
  readonly #stopwatch: Stopwatch;
  #startedAt = Number.NaN;
  #startUsage: NodeJS.CpuUsage = { user: 0, system: 0 };

  constructor(stopwatch: Stopwatch) {
    this.#stopwatch = stopwatch;
  }

  start(): void {
    this.#startedAt = this.#stopwatch.now();
    this.#startUsage = process.cpuUsage();
  }

  /** Percent of one core since the start; 0 if it was never started. */
  percent(): number {
    const { user, system } = process.cpuUsage(this.#startUsage);
    const elapsedUs = (this.#stopwatch.now() - this.#startedAt) / 1000;
    return elapsedUs > 0 ? ((user + system) / elapsedUs) * 100 : 0;
  }
}
