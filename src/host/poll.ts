import type { Clock } from "./clock.ts";

export interface Patience {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks until there is an answer.
 * @returns the first answer that is not undefined, or undefined when the time is up
 * @throws the signal's reason when it is aborted, and whatever `ask` throws
 */
export async function pollUntil<Answer>(
  patience: Patience,
  ask: () => Promise<Answer | undefined> | Answer | undefined,
): Promise<Answer | undefined> {
  const { clock, everyMs, withinMs, signal } = patience;
  const deadline = clock.now() + withinMs;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    const left = deadline - clock.now();
    if (left <= 0) return undefined;
    await clock.sleep(Math.min(everyMs, left), signal);
  }
}
