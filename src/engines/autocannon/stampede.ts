import type { Pacing, Starter } from "./pacing.ts";

/** A listen queue is often 511 long, and a connect that finds it full is repeated after a whole second. */
const WAVE = 100;
/** For the server to take a wave off its queue before the next one comes. */
const BETWEEN_WAVES_MS = 5;
/**
 * A connect succeeds when the server's kernel has queued it, before the server has
 * accepted it; Node accepts one in each turn of its loop. What is still queued when
 * the requests come would count accepting as part of their latency.
 */
const LAST_WAIT_MS = 20;
const LAST_WAIT_PER_SEAT_MS = 0.05;

/** Everybody at once: all connect, wave by wave, and hold still; then all start in one go. */
export class Stampede implements Pacing {
  readonly #seats: number;
  readonly #starter: Starter;
  #connecting = 0;
  #prepared = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(seats: number, starter: Starter) {
    this.#seats = seats;
    this.#starter = starter;
  }

  begin(): void {
    if (this.#seats === 0) this.#release();
    else this.#nextWave();
  }

  prepared(): void {
    this.#prepared += 1;
    if (this.#prepared < this.#connecting) return;
    if (this.#connecting < this.#seats) this.#timer = setTimeout(() => this.#nextWave(), BETWEEN_WAVES_MS);
    else this.#timer = setTimeout(() => this.#release(), LAST_WAIT_MS + this.#seats * LAST_WAIT_PER_SEAT_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #nextWave(): void {
    const first = this.#connecting;
    this.#connecting = Math.min(first + WAVE, this.#seats);
    for (let seat = first; seat < this.#connecting; seat += 1) this.#starter.prepare(seat);
  }

  #release(): void {
    this.#starter.startsNow();
    for (let seat = 0; seat < this.#seats; seat += 1) this.#starter.start(seat);
    this.#starter.allStarted();
  }
}
