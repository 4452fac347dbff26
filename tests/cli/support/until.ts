import { setTimeout as delay } from "node:timers/promises";

const PATIENCE_MS = 20_000;

/** Asks until there is an answer. @throws Error naming what was waited for, after 20 s */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined> | Answer | undefined,
): Promise<Answer> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${String(PATIENCE_MS / 1000)} s in vain for: ${what}`);
    await delay(15);
  }
}
