export interface BreakerReading {
  readonly state: "closed" | "open" | "half_open";
  /** When it came into this state, on the monotonic clock. */
  readonly sinceNs: bigint;
}

/** At four probes a second these are some minutes. */
const MOST = 2000;

/** In which states a breaker has been, and since when. */
export class BreakerLog {
  #last: BreakerReading = { state: "closed", sinceNs: process.hrtime.bigint() };
  readonly #entries = [this.#last];

  get last(): BreakerReading {
    return this.#last;
  }

  enter(state: BreakerReading["state"], nowNs: bigint): void {
    this.#last = { state, sinceNs: nowNs };
    this.#entries.push(this.#last);
    if (this.#entries.length > MOST) this.#entries.shift();
  }

  /** The oldest state that is remembered for everything before it. */
  at(momentNs: bigint): BreakerReading {
    return this.#entries.findLast(({ sinceNs }) => sinceNs <= momentNs) ?? this.#entries[0] ?? this.#last;
  }
}
