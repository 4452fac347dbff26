import { setTimeout as sleep } from "node:timers/promises";

/** How long the buyers of one process may pass a lock among themselves, in ms. */
const TURN_MS = 500;
/** Longer than the others pause between two tries, in ms; a try is a way to the nodes and back, or with its release two. */
const REST_MS = 50;
/** A lock that nobody here has asked for so long was free for the others, in ms. */
const GAP_MS = 20;

interface Turn {
  readonly sinceMs: number;
  /** Infinity while somebody here holds the lock or asks for it. */
  releasedAtMs: number;
  /** The shortest time that the nodes took to grant the lock, in ms. */
  awayMs: number;
}

/**
 * Whoever releases a lock and asks again at once is always before those who have
 * to try their luck. So a process in which somebody always waits rests now and
 * then.
 */
export class LongTurns {
  readonly #turns = new Map<string, Turn>();

  /** Resolves when it is fair to ask for the lock. Then it is to be asked for. */
  async fairTo(name: string): Promise<void> {
    const turn = this.#turns.get(name);
    if (turn === undefined) return;
    // However long the nodes take to answer: the others can come in only while nobody here asks.
    const goesOn = performance.now() - turn.releasedAtMs < GAP_MS;
    if (goesOn && !this.isLong(name)) {
      turn.releasedAtMs = Infinity;
      return;
    }
    this.#turns.delete(name);
    if (goesOn) await sleep(REST_MS + 2 * turn.awayMs);
  }

  /** Whether it is time to let others have the lock, which is held here or was a moment ago. */
  isLong(name: string): boolean {
    const turn = this.#turns.get(name);
    return turn !== undefined && performance.now() - turn.sinceMs >= TURN_MS;
  }

  /** @param awayMs how long the nodes took to grant it */
  granted(name: string, awayMs: number): void {
    const turn = this.#turns.get(name);
    if (turn === undefined) this.#turns.set(name, { sinceMs: performance.now(), releasedAtMs: Infinity, awayMs });
    else turn.awayMs = Math.min(turn.awayMs, awayMs);
  }

  released(name: string): void {
    const turn = this.#turns.get(name);
    if (turn !== undefined) turn.releasedAtMs = performance.now();
  }

  /** The lock was not obtained: others have it. */
  refused(name: string): void {
    this.#turns.delete(name);
  }
}
