import type { FaultPlan, FaultTime } from "../domain/fault.ts";
import type { Random } from "../domain/random.ts";
import type { Clock } from "../host/clock.ts";

/** A moment: when so many units are sold, and then so many ms after the first send. */
interface Moment {
  readonly units: number;
  readonly ms: number;
}

interface Waiter {
  readonly units: number;
  readonly decide: (come: boolean) => void;
}

/** Knows when the moment of each fault has come: by the time since the first send, or by what was sold. */
export class FaultMoments {
  readonly #clock: Clock;
  readonly #moments: readonly Moment[];
  readonly #over = new AbortController();
  #waiters: readonly Waiter[] = [];
  #startedAt = 0;
  #sold: number | undefined;

  /** @param units for sale over all products */
  constructor(plans: readonly FaultPlan[], units: number, clock: Clock, random: Random) {
    this.#clock = clock;
    this.#moments = plans.map(({ at }) => momentOf(at, units, random));
  }

  /** @param soFar attempts sent, and units answered as sold */
  progress({ sent, sold }: { readonly sent: number; readonly sold: number }): void {
    if (sent === 0) return;
    if (this.#sold === undefined) this.#startedAt = this.#clock.now();
    this.#sold = sold;
    const come = this.#waiters.filter(({ units }) => units <= sold);
    if (come.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => !come.includes(waiter));
    for (const { decide } of come) decide(true);
  }

  /** @returns false when the load ended before the moment of this fault came */
  async reached(fault: number): Promise<boolean> {
    const moment = this.#moments[fault];
    if (moment === undefined || !(await this.#sells(moment.units))) return false;
    return this.passed(moment.ms - (this.#clock.now() - this.#startedAt));
  }

  /** @returns false when the load ended before so many ms had passed */
  async passed(ms: number): Promise<boolean> {
    const { signal } = this.#over;
    if (ms > 0) await this.#clock.sleep(ms, signal).catch(() => undefined);
    return !signal.aborted;
  }

  /** The load has ended: no moment comes any more. */
  close(): void {
    this.#over.abort();
    for (const { decide } of this.#waiters) decide(false);
    this.#waiters = [];
  }

  #sells(units: number): Promise<boolean> {
    if (this.#over.signal.aborted) return Promise.resolve(false);
    if (this.#sold !== undefined && this.#sold >= units) return Promise.resolve(true);
    return new Promise((decide) => (this.#waiters = [...this.#waiters, { units, decide }]));
  }
}

function momentOf(at: FaultTime, units: number, random: Random): Moment {
  switch (at.kind) {
    case "elapsed":
      return { units: 0, ms: at.ms };
    case "sold":
      return { units: Math.ceil(at.share * units), ms: 0 };
    case "random":
      return { units: 0, ms: at.fromMs + random() * (at.toMs - at.fromMs) };
  }
}
