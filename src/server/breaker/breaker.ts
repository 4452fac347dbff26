import { circuitBreaker, type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, handleType } from "cockatiel";
import { asUnavailable, LedgerUnavailable, Unavailable } from "../unavailable.ts";
import { BreakerLog, type BreakerReading } from "./breaker-log.ts";
import { CircuitOpen } from "./circuit-open.ts";

export interface BreakerTools {
  /** So many failures in a row open it. */
  readonly failures: number;
  /** How long it stays open before it probes, in ms. */
  readonly probeMs: number;
  /** Asks whether a quorum answers. Only this, never a buyer, decides whether the breaker closes again. */
  readonly probe: () => Promise<unknown>;
}

/** Goes past the policy: it counts neither as a success nor as a failure. */
class NothingLearnt extends Error {}

/**
 * Opens when work fails because Redis is unavailable, several times in a row,
 * and then lets nobody through: one probe after the other, also without any
 * buyers, finds out when to close.
 */
export class Breaker {
  readonly #policy: CircuitBreakerPolicy;
  readonly #tools: BreakerTools;
  readonly #log = new BreakerLog();
  // The same for everybody: making an error takes longer than all the rest of a refusal.
  readonly #refusal = new CircuitOpen();
  readonly #belated = new Unavailable("the circuit breaker was open meanwhile: no quorum of Redis nodes answered");
  readonly #nothingLearnt = new NothingLearnt();
  readonly #onChange: ((reading: BreakerReading) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(tools: BreakerTools) {
    this.#tools = tools;
    this.#policy = circuitBreaker(handleType(Unavailable, isOfRedis), {
      breaker: new ConsecutiveBreaker(tools.failures),
      // Cockatiel would ask the wall clock, which may jump: the timer below decides when to probe.
      halfOpenAfter: Number.NEGATIVE_INFINITY,
    });
    this.#policy.onStateChange((state) => this.#changed(state));
  }

  /** Why nobody is let through, or was not. */
  get refusal(): Unavailable {
    return this.reading.state === "closed" ? this.#belated : this.#refusal;
  }

  get reading(): BreakerReading {
    return this.#log.last;
  }

  /** When it is worth coming back, in whole seconds. */
  get retryAfterS(): number {
    return Math.max(1, Math.ceil(this.#tools.probeMs / 1000));
  }

  /** The state in which it was at a moment of the monotonic clock, in ns. */
  at(momentNs: bigint): BreakerReading {
    return this.#log.at(momentNs);
  }

  /** Called at every change of state, with the new one. */
  onChange(handle: (reading: BreakerReading) => void): void {
    this.#onChange.push(handle);
  }

  /**
   * Does the work if the breaker is closed, and counts how it ended.
   * @param succeeded whether a result shows that a quorum answered; another one shows nothing
   * @throws CircuitOpen, at once, when the breaker is not closed; otherwise what the work throws
   */
  async run<Result>(work: () => Promise<Result>, succeeded: (result: Result) => boolean): Promise<Result> {
    if (this.reading.state !== "closed") throw this.refusal;
    let unlearnt: { readonly result: Result } | undefined;
    try {
      return await this.#policy.execute(async () => {
        const result = await work();
        if (succeeded(result)) return result;
        unlearnt = { result };
        throw this.#nothingLearnt;
      });
    } catch (error) {
      if (unlearnt !== undefined) return unlearnt.result;
      throw error;
    }
  }

  /** It probes no more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #changed(to: CircuitState): void {
    this.#log.enter(stateOf(to), process.hrtime.bigint());
    if (to === CircuitState.Open && !this.#stopped) {
      this.#timer = setTimeout(() => void this.#probe(), this.#tools.probeMs).unref();
    }
    for (const handle of this.#onChange) handle(this.reading);
  }

  /** A failure is no news: it opens the breaker again, which arms the next probe. */
  async #probe(): Promise<void> {
    await this.#policy
      .execute(() => this.#tools.probe().catch((error: unknown) => Promise.reject(asUnavailable("redis", error))))
      .catch(() => undefined);
  }
}

/** A lock may ask the ledger what became of a sale. */
function isOfRedis(error: Unavailable): boolean {
  return !(error instanceof LedgerUnavailable);
}

function stateOf(state: CircuitState): BreakerReading["state"] {
  if (state === CircuitState.Closed) return "closed";
  return state === CircuitState.HalfOpen ? "half_open" : "open";
}
