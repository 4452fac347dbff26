import type { Log } from "../log.ts";
import type { Stock, Taking } from "./stock.ts";

const RETRY_MS = 250;
/** By then a command that was written to a connection since lost has been executed, or never will be. */
const CERTAIN_AFTER_MS = 1000;

interface Owed {
  readonly taking: Taking;
  /** What is returned before this (monotonic clock, in ms) may have been returned before it was taken. */
  readonly certainAtMs: number;
}

/** Gives units back, and goes on trying while Redis is away. What this process does not live to return, the next start does. */
export class Returns {
  readonly #stock: Stock;
  readonly #log: Log;
  readonly #owed = new Map<string, Owed>();
  #timer: NodeJS.Timeout | undefined;

  constructor(stock: Stock, log: Log) {
    this.#stock = stock;
    this.#log = log;
  }

  /** Never rejects: what fails now is tried again. */
  async giveBack(taking: Taking): Promise<void> {
    await this.#owe({ taking, certainAtMs: 0 });
  }

  /** For units of which nobody knows whether they were taken, because the answer is lost. Never rejects. */
  async giveBackIfTaken(taking: Taking): Promise<void> {
    await this.#owe({ taking, certainAtMs: performance.now() + CERTAIN_AFTER_MS });
  }

  /** Tries to return what is owed, one after the other until one fails: then the others would hardly fare better. */
  async settle(): Promise<void> {
    for (const owed of [...this.#owed.values()]) {
      if (!(await this.#try(owed))) break;
    }
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #owe(owed: Owed): Promise<void> {
    this.#owed.set(owed.taking.sale, owed);
    await this.#try(owed);
    this.#arm();
  }

  #arm(): void {
    if (this.#owed.size > 0) this.#timer ??= setTimeout(() => void this.#again(), RETRY_MS).unref();
  }

  async #again(): Promise<void> {
    this.#timer = undefined;
    await this.settle();
  }

  /** @returns whether it could be returned now; if not it is the last to be tried again */
  async #try(owed: Owed): Promise<boolean> {
    const { taking, certainAtMs } = owed;
    const askedAtMs = performance.now();
    try {
      await this.#stock.giveBack(taking);
      if (askedAtMs >= certainAtMs) this.#owed.delete(taking.sale);
      return true;
    } catch (error) {
      if (this.#owed.delete(taking.sale)) this.#owed.set(taking.sale, owed);
      this.#log(`giving back stock, will be tried again: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }
}
