import type { Breaker } from "../server/breaker/breaker.ts";
import { BreakerLock } from "../server/breaker/breaker-lock.ts";
import type { Hold, Lock } from "../server/locks/lock.ts";
import { type ShopTools, soundParts } from "../server/parts.ts";
import type { Control } from "./control.ts";

/** A breaker that has opened lets nobody through again until somebody starts the server anew. */
export const stuckBreaker: Control = {
  base: soundParts,
  broken: { guard: (lock, breaker, tools) => new BlownFuse(lock, breaker, tools) },
};

class BlownFuse extends BreakerLock {
  readonly #breaker: Breaker;
  #blown = false;

  constructor(lock: Lock, breaker: Breaker, { background }: ShopTools) {
    super(lock, breaker, background);
    this.#breaker = breaker;
    breaker.onChange(({ state }) => {
      if (state === "open") this.#blown = true;
    });
  }

  override acquire(name: string, deadlineMs: number, token: string): Promise<Hold | null> {
    return this.#blown ? Promise.reject(this.#breaker.refusal) : super.acquire(name, deadlineMs, token);
  }
}
