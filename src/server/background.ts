import type { Log } from "./log.ts";

/** Work that no buyer waits for, such as releasing a lock. It is remembered, so that the shop can finish it before it stops. */
export class Background {
  readonly #running = new Set<Promise<void>>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param what named in the log when the work fails */
  run(what: string, work: Promise<unknown>): void {
    const task: Promise<void> = work
      .then(
        () => undefined,
        (error: unknown) => this.#log(`${what}: ${error instanceof Error ? error.message : String(error)}`),
      )
      .finally(() => this.#running.delete(task));
    this.#running.add(task);
  }

  /** Resolves when nothing is running any more. */
  async finished(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
