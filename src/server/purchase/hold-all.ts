import type { Background } from "../background.ts";
import type { Hold, Lock } from "../locks/lock.ts";
import type { Instance } from "../redis/instance.ts";

export interface HoldingTools {
  readonly lock: Lock;
  readonly instance: Instance;
  readonly background: Background;
}

/**
 * Takes the locks one after the other, in the order given, all under one token.
 * @returns null when one was not obtained by the deadline, or not before the first lease ran out; then none is held
 */
export async function holdAll(
  names: readonly string[],
  deadlineMs: number,
  { lock, instance, background }: HoldingTools,
): Promise<Hold[] | null> {
  const token = instance.nextToken();
  const holds: Hold[] = [];
  let patienceMs = deadlineMs;
  try {
    for (const name of names) {
      const hold = await lock.acquire(name, patienceMs, token, names.length === 1);
      if (hold === null) break;
      holds.push(hold);
      patienceMs = Math.min(patienceMs, hold.expiresAtMs);
    }
  } catch (error) {
    releaseAll(lock, holds, background);
    throw error;
  }
  if (holds.length === names.length) return holds;
  releaseAll(lock, holds, background);
  return null;
}

/** Nobody waits for the answer: if the release is lost, the lease ends by itself. */
export function releaseAll(lock: Lock, holds: readonly Hold[], background: Background): void {
  for (const hold of holds.toReversed()) background.run(`lock: releasing ${hold.name}`, lock.release(hold));
}
