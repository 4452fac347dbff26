/** What a fault does to a service, by the service's name. */
type Act = (service: string) => Promise<void>;

/**
 * A state in which several faults of a run may want the same service at the same time, such as frozen:
 * the first of them brings it about, and only the last one ends it.
 */
export class SharedState {
  readonly #enter: Act;
  readonly #leave: Act;
  readonly #holders = new Map<string, Set<object>>();
  /** What is done to a service is done one after the other. */
  readonly #lanes = new Map<string, Promise<void>>();

  constructor(enter: Act, leave: Act) {
    this.#enter = enter;
    this.#leave = leave;
  }

  /** Returns when the state is in force. */
  take(service: string, holder: object): Promise<void> {
    return this.#inTurn(service, async () => {
      const holders = this.#of(service);
      if (holders.size === 0) await this.#enter(service);
      holders.add(holder);
    });
  }

  /** Harmless for who does not hold it. When it fails, the holder still holds, and may try again. */
  release(service: string, holder: object): Promise<void> {
    return this.#inTurn(service, async () => {
      const holders = this.#of(service);
      if (holders.size === 1 && holders.has(holder)) await this.#leave(service);
      holders.delete(holder);
    });
  }

  /** The service has died, and its state with it. */
  forget(service: string): void {
    this.#of(service).clear();
  }

  isHeld(service: string): boolean {
    return this.#of(service).size > 0;
  }

  #of(service: string): Set<object> {
    const holders = this.#holders.get(service) ?? new Set();
    this.#holders.set(service, holders);
    return holders;
  }

  #inTurn(service: string, act: () => Promise<void>): Promise<void> {
    const turn = (this.#lanes.get(service) ?? Promise.resolve()).then(act);
    this.#lanes.set(
      service,
      turn.catch(() => undefined),
    );
    return turn;
  }
}
