import type { Breaker } from "../server/breaker/breaker.ts";
import { BreakerLock } from "../server/breaker/breaker-lock.ts";
import { CircuitOpen } from "../server/breaker/circuit-open.ts";
import type { Hold, Lock } from "../server/locks/lock.ts";
import { type ShopTools, soundParts } from "../server/parts.ts";
import { newest, peek } from "../server/quorum/peek.ts";
import { productOf } from "../server/redis/keys.ts";
import type { Control } from "./control.ts";

/** While the breaker is open buyers are not refused, but let in without a lock: better to sell than to be strict. */
export const failOpen: Control = {
  base: soundParts,
  broken: { guard: (lock, breaker, tools) => new OpenDoor(lock, breaker, tools) },
};

class OpenDoor extends BreakerLock {
  readonly #tools: ShopTools;

  constructor(lock: Lock, breaker: Breaker, tools: ShopTools) {
    super(lock, breaker, tools.background);
    this.#tools = tools;
  }

  override async acquire(name: string, deadlineMs: number, token: string): Promise<Hold | null> {
    try {
      return await super.acquire(name, deadlineMs, token);
    } catch (error) {
      const hold = error instanceof CircuitOpen ? await this.#letIn(name, token) : undefined;
      if (hold === undefined) throw error;
      return hold;
    }
  }

  /** @returns undefined while no majority of nodes knows what there is to be sold */
  async #letIn(name: string, token: string): Promise<Hold | undefined> {
    const { nodes, config } = this.#tools;
    const seen = await peek(nodes, productOf(name));
    const known = newest(seen);
    if (known === undefined) return undefined;
    const { units, record } = known;
    const grant = { name, token, fencingToken: record.version + 1, grantedAtNs: process.hrtime.bigint() };
    const reading = {
      units,
      basis: record.version,
      fencingToken: grant.fencingToken,
      records: seen.map((one) => one?.text),
    };
    return { ...grant, expiresAtMs: performance.now() + config.lockTtlMs, guarded: units, reading };
  }
}
