const TICK_MS = 100;

/**
 * Notices a Redis that has stopped answering: commands are out and not one
 * answer came for a while. A timeout for each command would blame Redis for a
 * stall of this process (its timers fire before the answers that lie ready are
 * read), so time counts only in ticks between which answers were looked for.
 */
export class Silence {
  readonly #ticksAllowed: number;
  readonly #onSilence: () => void;
  #outstanding = 0;
  #answers = 0;
  #answersBefore = 0;
  #quietTicks = 0;
  #ticking = false;

  constructor(patienceMs: number, onSilence: () => void) {
    this.#ticksAllowed = Math.ceil(patienceMs / TICK_MS);
    this.#onSilence = onSilence;
  }

  asked(): void {
    this.#outstanding += 1;
    if (!this.#ticking) this.#arm();
  }

  answered(): void {
    this.#outstanding -= 1;
    this.#answers += 1;
  }

  #arm(): void {
    this.#ticking = true;
    setTimeout(() => setImmediate(() => this.#tick()), TICK_MS).unref();
  }

  #tick(): void {
    this.#quietTicks = this.#answers === this.#answersBefore ? this.#quietTicks + 1 : 0;
    this.#answersBefore = this.#answers;
    if (this.#outstanding === 0) this.#quietTicks = 0;
    this.#ticking = false;
    if (this.#outstanding > 0) this.#arm();
    if (this.#quietTicks < this.#ticksAllowed) return;
    this.#quietTicks = 0;
    this.#onSilence();
  }
}
