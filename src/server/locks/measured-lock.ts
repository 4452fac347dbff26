import type { Metrics } from "../metrics/metrics.ts";
import type { Hold, Lock } from "./lock.ts";

/** Counts and times what another lock does. Where there is no lock there is nothing to count. */
export class MeasuredLock implements Lock {
  readonly #inner: Lock;
  readonly #metrics: Metrics;

  constructor(inner: Lock, metrics: Metrics) {
    this.#inner = inner;
    this.#metrics = metrics;
  }

  async acquire(...asked: Parameters<Lock["acquire"]>): Promise<Hold | null> {
    const askedAtMs = performance.now();
    const hold = await this.#inner.acquire(...asked);
    const waitedMs = performance.now() - askedAtMs;
    if (hold === null) this.#metrics.lockTimedOut(waitedMs);
    else if (isHeld(hold)) this.#metrics.lockGranted(waitedMs);
    return hold;
  }

  release(hold: Hold): Promise<void> {
    if (isHeld(hold)) this.#metrics.lockReleased(Number(process.hrtime.bigint() - hold.grantedAtNs) / 1e6);
    return this.#inner.release(hold);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

function isHeld(hold: Hold): hold is Hold & { readonly grantedAtNs: bigint } {
  return hold.grantedAtNs !== null && hold.seenOnly !== true;
}
