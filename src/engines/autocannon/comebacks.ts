import type { Outcome } from "../../domain/outcome.ts";
import type { RetryPlan } from "../../domain/plan.ts";
import { type Random, seededRandom } from "../../domain/random.ts";
import type { Stopwatch } from "./stopwatch.ts";

const NS_PER_MS = 1e6;

/** Decides who comes back, and when. */
export class Comebacks {
  readonly #retry: RetryPlan;
  readonly #random: Random;
  readonly #stopwatch: Stopwatch;

  constructor(retry: RetryPlan, seed: number, stopwatch: Stopwatch) {
    this.#retry = retry;
    this.#random = seededRandom(seed);
    this.#stopwatch = stopwatch;
  }

  /**
   * After an attempt that certainly bought nothing. Half of the pause is left to
   * chance, so that those who were turned away together do not return together.
   * @param firstTryAt when this buyer was first sent, or first found no connection
   * @returns how long he waits before he comes back, in ms, or null when he does not
   */
  pauseMs(outcome: Outcome, sent: boolean, firstTryAt: number): number | null {
    const nothingBought = outcome === "busy" || outcome === "refused" || (outcome === "error" && !sent);
    if (!nothingBought) return null;
    const pauseMs = this.#retry.pauseMs * (1 - this.#random() / 2);
    const back = this.#stopwatch.now() + pauseMs * NS_PER_MS;
    return back <= firstTryAt + this.#retry.withinMs * NS_PER_MS ? pauseMs : null;
  }
}
