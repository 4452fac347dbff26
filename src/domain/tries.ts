import type { History } from "./history.ts";
import type { LoadPlan } from "./plan.ts";

/**
 * Which attempt of a buyer was his first, and which his last, where buyers who
 * were turned away come back. Where they do not, every attempt is both: even a
 * buyer who buys again wants something new each time.
 */
export class Tries {
  readonly #history: History;
  /** By buyer; null where nobody comes back. */
  readonly #first: Int32Array | null;
  readonly #last: Int32Array | null;

  constructor(history: History, load: LoadPlan) {
    this.#history = history;
    // Plans that were kept before buyers could come back do not say.
    const comeBack = (load.retry ?? null) !== null;
    this.#first = comeBack ? new Int32Array(history.buyers).fill(-1) : null;
    this.#last = comeBack ? new Int32Array(history.buyers).fill(-1) : null;
    if (this.#first === null || this.#last === null) return;
    for (let attempt = 0; attempt < history.length; attempt += 1) {
      const buyer = history.buyer(attempt);
      if (this.#first[buyer] === -1) this.#first[buyer] = attempt;
      this.#last[buyer] = attempt;
    }
  }

  /** True where a buyer may have made several attempts at one and the same purchase. */
  get repeat(): boolean {
    return this.#first !== null;
  }

  isFirst(attempt: number): boolean {
    return this.#is(this.#first, attempt);
  }

  /** What the buyer was told here is how it ended for him. */
  isLast(attempt: number): boolean {
    return this.#is(this.#last, attempt);
  }

  /** The attempt with which it ended for the buyer of this one. */
  last(attempt: number): number {
    return this.#last?.[this.#history.buyer(attempt)] ?? attempt;
  }

  /** How many attempts were not their buyer's first; null where nobody comes back. */
  get comebacks(): number | null {
    if (this.#first === null) return null;
    let comebacks = 0;
    for (let attempt = 0; attempt < this.#history.length; attempt += 1) if (!this.isFirst(attempt)) comebacks += 1;
    return comebacks;
  }

  /** An attempt of nobody, as damaged evidence has them, stands for itself. */
  #is(chosen: Int32Array | null, attempt: number): boolean {
    return (chosen?.[this.#history.buyer(attempt)] ?? attempt) === attempt;
  }
}
