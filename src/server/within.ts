import { setTimeout as sleep } from "node:timers/promises";

/** Waits for work, but no longer than the limit, in ms. @returns whether it was done by then @throws what the work rejects with */
export async function within(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const given = new AbortController();
  const tooLate = sleep(limitMs, false, { signal: given.signal }).catch(() => false);
  const done = await Promise.race([work.then(() => true), tooLate]);
  given.abort();
  return done;
}
