/** How long a product is left alone after a repair that failed, in ms: twice as long each time. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;

interface Pause {
  readonly ms: number;
  readonly timer: NodeJS.Timeout;
  over: boolean;
}

/** Products of which a node may know less than the others. Whoever notices says so here; the repairer sees to it. */
export class RepairsDue {
  readonly #products = new Set<string>();
  /** By product: since its repair has failed. */
  readonly #pauses = new Map<string, Pause>();
  #onDue: () => void = () => undefined;

  add(product: string): void {
    this.#products.add(product);
    if (!this.#rests(product)) this.#onDue();
  }

  /** Takes out the product that is due for longest. */
  next(): string | undefined {
    for (const product of this.#products) {
      if (this.#rests(product)) continue;
      this.#products.delete(product);
      return product;
    }
    return undefined;
  }

  get any(): boolean {
    for (const product of this.#products) if (!this.#rests(product)) return true;
    return false;
  }

  /** The product is due again, but not at once, whoever asks for it: a repair keeps buyers waiting. */
  failed(product: string): void {
    const before = this.#pauses.get(product);
    clearTimeout(before?.timer);
    const ms = before === undefined ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, 2 * before.ms);
    const timer = setTimeout(() => {
      pause.over = true;
      this.#onDue();
    }, ms).unref();
    const pause: Pause = { ms, timer, over: false };
    this.#pauses.set(product, pause);
    this.#products.add(product);
  }

  repaired(product: string): void {
    clearTimeout(this.#pauses.get(product)?.timer);
    this.#pauses.delete(product);
  }

  /** Something has changed: what has failed may succeed now. */
  hurry(): void {
    this.stop();
    if (this.any) this.#onDue();
  }

  /** Nothing becomes due by itself any more. */
  stop(): void {
    for (const { timer } of this.#pauses.values()) clearTimeout(timer);
    this.#pauses.clear();
  }

  /** Called whenever something is due. */
  onDue(handle: () => void): void {
    this.#onDue = handle;
  }

  #rests(product: string): boolean {
    return this.#pauses.get(product)?.over === false;
  }
}
