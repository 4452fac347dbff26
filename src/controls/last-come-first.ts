import type { Hold, Lock } from "../server/locks/lock.ts";
import type { Control } from "./control.ts";
import { slowParts } from "./slow-write.ts";

const base = slowParts(3);

/** Whoever waits for a lock waits on a stack: the last to come is the next to go. */
export const lastComeFirst: Control = {
  base,
  broken: { lock: (tools) => new StackLock(base.lock(tools)) },
};

/** Wakes a waiter: true when it is its turn, false when its time is up. */
type Wake = (turn: boolean) => void;

class StackLock implements Lock {
  readonly #inner: Lock;
  /** Who waits for each lock that is taken. */
  readonly #waiting = new Map<string, Wake[]>();

  constructor(inner: Lock) {
    this.#inner = inner;
  }

  async acquire(name: string, deadlineMs: number, token: string): Promise<Hold | null> {
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) this.#waiting.set(name, []);
    else if (!(await turnIn(waiting, deadlineMs))) return null;
    try {
      const hold = await this.#inner.acquire(name, deadlineMs, token);
      if (hold === null) this.#next(name);
      return hold;
    } catch (error) {
      this.#next(name);
      throw error;
    }
  }

  async release(hold: Hold): Promise<void> {
    try {
      await this.#inner.release(hold);
    } finally {
      this.#next(hold.name);
    }
  }

  async close(): Promise<void> {
    for (const wake of [...this.#waiting.values()].flat()) wake(false);
    await this.#inner.close();
  }

  #next(name: string): void {
    const wake = this.#waiting.get(name)?.pop();
    if (wake === undefined) this.#waiting.delete(name);
    else wake(true);
  }
}

function turnIn(waiting: Wake[], deadlineMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const wake = (turn: boolean): void => {
      clearTimeout(timer);
      resolve(turn);
    };
    const giveUp = (): void => {
      waiting.splice(waiting.indexOf(wake), 1);
      resolve(false);
    };
    const timer = setTimeout(giveUp, Math.max(0, deadlineMs - performance.now()));
    waiting.push(wake);
  });
}
