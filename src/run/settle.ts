import type { Demands } from "../domain/plan.ts";
import type { Clock } from "../host/clock.ts";
import type { Snapshot } from "./witnesses.ts";

export interface Settled {
  readonly settled: boolean;
  readonly afterMs: number;
  /** Since when the witnesses have agreed, on the clock's `now`; null when they do not. */
  readonly agreedAt: number | null;
  readonly snapshot: Snapshot;
}

export interface SettleOptions {
  readonly demands: Demands["settle"];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** True when what the probes say fits what the buyers were told, so that nothing more is expected to happen. */
  readonly agrees: (snapshot: Snapshot) => boolean;
  /** True when the witnesses agree, whatever became of attempts without an answer. */
  readonly consistent: (snapshot: Snapshot) => boolean;
  /** True when waiting is useless, because a part of the stack has died. */
  readonly hopeless: () => Promise<boolean>;
}

/**
 * While the witnesses disagree with the buyers, or some buyers got no answer,
 * a shop that writes behind its answers may still be writing: it gets this long
 * without a change, in ms, before its silence is taken as its last word.
 */
const PATIENCE_MS = 3000;
const POLL_MS = 25;

/** Reads the probes until they have stopped changing, or until the deadline passes. */
export async function settle(snapshot: () => Promise<Snapshot>, options: SettleOptions): Promise<Settled> {
  const { clock, demands, signal } = options;
  const started = clock.now();
  let last = await snapshot();
  let unchangedSince = started;
  let agreedAt: number | null = null;
  for (;;) {
    const now = clock.now();
    agreedAt = options.consistent(last) ? (agreedAt ?? now) : null;
    const reachable = last.unreachable.length === 0;
    const quietMs = options.agrees(last) ? demands.quietMs : Math.max(demands.quietMs, PATIENCE_MS);
    if (reachable && now - unchangedSince >= quietMs)
      return { settled: true, afterMs: now - started, agreedAt, snapshot: last };
    const late = now - started >= demands.withinMs;
    if (late || (!reachable && (await options.hopeless())))
      return { settled: false, afterMs: now - started, agreedAt, snapshot: last };
    await clock.sleep(POLL_MS, signal);
    const next = await snapshot();
    if (!same(last, next)) unchangedSince = clock.now();
    last = next;
  }
}

function same(one: Snapshot, other: Snapshot): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
