import type { Background } from "../background.ts";
import type { Hold, Lock } from "../locks/lock.ts";

/**
 * Takes the locks one after the other, in the order given.
 * @returns null when one was not obtained by the deadline, or not before the first lease ran out; then none is held
 */
export async function holdAll(
  lock: Lock,
  names: readonly string[],
  deadlineMs: number,
  background: Background,
): Promise<Hold[] | null> {
  const holds: Hold[] = [];
  let patienceMs = deadlineMs;
  try {
    for (const name of names) {
      const hold = await lock.acquire(name, patienceMs);
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
