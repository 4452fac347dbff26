/** A lock that was granted: to which token, with which fencing token, and what the guarded key held. */
export interface Grant {
  readonly token: string;
  readonly fencingToken: number;
  /** undefined when it held no whole number. */
  readonly guarded: number | undefined;
  readonly lock: string;
}

/**
 * How waiting ends: with a grant, without one because what the lock guards is
 * gone, too late, or with the connection on which the grant would have come.
 */
export type Turn =
  { readonly kind: "granted"; readonly grant: Grant } | { readonly kind: "nothing_left" | "late" | "lost" };

/** Reads `grant <token> <fencing token> <guarded value or ?> <lock>`; undefined for anything else. */
export function parseGrant(message: string): Grant | undefined {
  const [verb, token = "", fencing = "", value = "?", ...lock] = message.split(" ");
  if (verb !== "grant") return undefined;
  return {
    token,
    fencingToken: Number(fencing),
    guarded: value === "?" ? undefined : Number(value),
    lock: lock.join(" "),
  };
}

interface Waiter {
  readonly resolve: (turn: Turn) => void;
  timer: NodeJS.Timeout | undefined;
}

/** Everybody in this process who waits for a lock, by token. */
export class FifoWaiters {
  readonly #waiters = new Map<string, Waiter>();

  /** Must be called before the token stands in the queue, or its grant could come too early. */
  add(token: string): Promise<Turn> {
    return new Promise((resolve) => {
      this.#waiters.set(token, { resolve, timer: undefined });
    });
  }

  has(token: string): boolean {
    return this.#waiters.has(token);
  }

  /** @param deadlineMs on the monotonic clock */
  limit(token: string, deadlineMs: number): void {
    const waiter = this.#waiters.get(token);
    if (waiter === undefined) return;
    const left = Math.max(0, deadlineMs - performance.now());
    waiter.timer = setTimeout(() => this.end(token, { kind: "late" }), left);
  }

  /** @returns false when nobody waits under this token any more */
  end(token: string, turn: Turn): boolean {
    const waiter = this.#waiters.get(token);
    if (waiter === undefined) return false;
    this.#waiters.delete(token);
    clearTimeout(waiter.timer);
    waiter.resolve(turn);
    return true;
  }

  endAll(turn: Turn): void {
    for (const token of [...this.#waiters.keys()]) this.end(token, turn);
  }
}
