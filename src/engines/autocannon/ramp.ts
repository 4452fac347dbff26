import type { Pacing, Starter } from "./pacing.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** How long before its start a buyer connects. */
const AHEAD_MS = 100;

/** One buyer after the other: seat i starts i / rate seconds after the first, connected just before. */
export class Ramp implements Pacing {
  readonly #seats: number;
  readonly #intervalMs: number;
  readonly #starter: Starter;
  readonly #stopwatch: Stopwatch;
  #beganAt = 0;
  #connected = 0;
  #started = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param rate buyers per second */
  constructor(seats: number, rate: number, starter: Starter, stopwatch: Stopwatch) {
    this.#seats = seats;
    this.#intervalMs = 1000 / rate;
    this.#starter = starter;
    this.#stopwatch = stopwatch;
  }

  begin(): void {
    this.#beganAt = this.#stopwatch.now();
    this.#tick();
  }

  /** Nobody is waited for: a ramp keeps its pace. */
  prepared(): void {
    return undefined;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #tick(): void {
    const elapsedMs = (this.#stopwatch.now() - this.#beganAt) / 1e6;
    for (; this.#connected < this.#dueBy(elapsedMs); this.#connected += 1) this.#starter.prepare(this.#connected);
    const due = this.#dueBy(elapsedMs - AHEAD_MS);
    if (this.#started === 0 && due > 0) this.#starter.startsNow();
    for (; this.#started < due; this.#started += 1) this.#starter.start(this.#started);
    if (this.#started === this.#seats) this.#starter.allStarted();
    else this.#timer = setTimeout(() => this.#tick(), this.#nextEventMs() - elapsedMs);
  }

  /** How many seats have had their turn; turns are at 0, 1, 2 … intervals. */
  #dueBy(elapsedMs: number): number {
    return elapsedMs < 0 ? 0 : Math.min(this.#seats, Math.floor(elapsedMs / this.#intervalMs) + 1);
  }

  #nextEventMs(): number {
    const start = this.#started * this.#intervalMs + AHEAD_MS;
    return this.#connected < this.#seats ? Math.min(start, this.#connected * this.#intervalMs) : start;
  }
}
