/** Decides when which buyer connects and when it starts. */
export interface Pacing {
  begin(): void;
  /** One more buyer is connected, or is known not to be. */
  prepared(): void;
  /** No further buyer connects or starts. */
  stop(): void;
}

/** What a pacing sets in motion. */
export interface Starter {
  prepare(seat: number): void;
  start(seat: number): void;
  /** The first buyer is about to start: from here on the load is measured. */
  startsNow(): void;
  /** Every buyer has started. */
  allStarted(): void;
}
