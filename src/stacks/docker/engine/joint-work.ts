/**
 * Work with many parts that wait for each other. When one part fails, the
 * others are aborted; and every part is waited for, so that nothing is still
 * being made when the clean-up begins.
 */
export class JointWork {
  /** Aborted from outside, or by the first part that fails, with its error as the reason. */
  readonly signal: AbortSignal;
  readonly #failure = new AbortController();
  readonly #parts: Promise<unknown>[] = [];

  constructor(outer: AbortSignal) {
    this.signal = AbortSignal.any([outer, this.#failure.signal]);
  }

  /** Does a part for each key at most once; all who ask share its outcome. */
  once<Key, Result>(work: (key: Key) => Promise<Result>): (key: Key) => Promise<Result> {
    const begun = new Map<Key, Promise<Result>>();
    return (key) => {
      const known = begun.get(key);
      if (known !== undefined) return known;
      const part = this.#attempt(work, key);
      begun.set(key, part);
      this.#parts.push(part);
      return part;
    };
  }

  /** @throws the first error, or the outer signal's reason, once every part has ended */
  async ended(): Promise<void> {
    let seen = 0;
    // Parts may begin others.
    while (seen < this.#parts.length) {
      seen = this.#parts.length;
      await Promise.allSettled(this.#parts);
    }
    this.signal.throwIfAborted();
  }

  async #attempt<Key, Result>(work: (key: Key) => Promise<Result>, key: Key): Promise<Result> {
    try {
      this.signal.throwIfAborted();
      return await work(key);
    } catch (error) {
      this.#failure.abort(error);
      throw error;
    }
  }
}
