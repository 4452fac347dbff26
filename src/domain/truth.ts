import type { Purchases } from "./purchases.ts";

/** One witness's word on how many units of one product are left. */
export interface StockReading {
  /** Which witness: `redis`, `redis1`, `database`, … */
  readonly source: string;
  /** The product's place in the plan. */
  readonly product: number;
  /** null when the witness knows nothing of the product, or what it said is no number. */
  readonly units: number | null;
  /** What the witness literally said, for evidence. */
  readonly said: string;
}

/** What was really there once the dust had settled. */
export interface Truth {
  /** False when the probes still changed at the deadline: then nothing can be concluded. */
  readonly settled: boolean;
  readonly settledAfterMs: number;
  readonly stock: readonly StockReading[];
  /** null when the scenario has no probe for purchases. */
  readonly purchases: Purchases | null;
  /** Lock keys that were still there when everything had come to rest; null where nobody looked. */
  readonly locks: readonly LockReading[] | null;
  /**
   * From the last answer, or from the healing of the last fault if that was later, until every witness
   * agreed with the answers, in ms; null when they never did.
   */
  readonly agreedAfterMs: number | null;
}

/** A lock key as it was found on one node. */
export interface LockReading {
  /** `redis`, `redis1`, … */
  readonly source: string;
  readonly product: number;
  readonly key: string;
  /** What the key holds: its owner's token. */
  readonly holder: string;
  /** How long the key still lives, in ms; -1: for ever. */
  readonly pttlMs: number;
}
