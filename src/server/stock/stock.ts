import type { Hold } from "../locks/lock.ts";
import type { OrderLine } from "../order/order.ts";

/** Units that a sale takes. */
export interface Taking {
  readonly sale: string;
  readonly key: string | null;
  readonly lines: readonly OrderLine[];
}

export interface Taken {
  readonly kind: "taken";
  /** Units left of each line's product. */
  readonly left: readonly number[];
  /** The last fencing token that was given out for each line's lock. */
  readonly fences: readonly number[];
  /** How long the shortest lease still ran when the units were taken, in ms; Infinity without a lock. */
  readonly leaseLeftMs: number;
}

export type TakeResult =
  | Taken
  /** `keysInFlight`: keys of sales that have taken units and may still give them back. */
  | { readonly kind: "short"; readonly keysInFlight: readonly string[] }
  /** A lock is not, or no longer, ours. */
  | { readonly kind: "not_owner" }
  | { readonly kind: "unreadable"; readonly error: string };

/** The units left for sale. Every method throws Unavailable when it cannot know. */
export interface Stock {
  read(products: readonly string[]): Promise<number[]>;
  /** Takes the units if every hold is still the owner of its lock. It does not look whether there are enough. */
  take(taking: Taking, holds: readonly Hold[]): Promise<TakeResult>;
  /** The sale is in the ledger: its units will not come back. */
  confirm(taking: Taking): Promise<void>;
  /** Puts back what the sale took, if it took it and has not given it back yet. */
  giveBack(taking: Taking): Promise<void>;
  /** Lets the fencing tokens of a product's lock go on from `fence`, if they are not further already. */
  raiseFence(product: string, fence: number): Promise<void>;
}

/** A stock that can be lowered without a lock. */
export interface AtomicStock {
  /** Takes the units if there are enough of every product, in one step. */
  takeIfEnough(taking: Taking): Promise<TakeResult>;
}

/** What a repair or a rehearsal does with the stock. */
export interface StockRepairs {
  /** Sets the units of a product that has none in Redis, and forgets what was pending; see `raiseFence` for the fence. */
  refill(product: string, units: number, fence: number): Promise<boolean>;
  /** Removes everything that is known of a product. */
  forget(product: string): Promise<void>;
}
