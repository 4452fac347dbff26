import type { OrderLine } from "../order/order.ts";

export interface SaleLine extends OrderLine {
  /** Units that were left after this sale, as the seller saw it. */
  readonly remaining: number;
  readonly fencingToken: number | null;
}

/** A purchase with everything that its answer says, so that the same answer can be given again. */
export interface Sale {
  readonly sale: string;
  readonly buyer: string;
  readonly key: string | null;
  readonly lines: readonly SaleLine[];
  /** Nanoseconds on the monotonic clock of the host that sold it. */
  readonly arrivedAtNs: string;
  readonly grantedAtNs: string | null;
}

/** What must hold for a sale to be written. */
export interface CommitTerms {
  /** For each line: the fencing token under which it is written. */
  readonly fences: readonly number[];
  /**
   * For each line: the last token that the seller knows to be committed; the ledger refuses him when there is a later
   * one. Where he only has his own token (undefined), that is what must not be lower.
   */
  readonly bases?: readonly (number | undefined)[];
  /** Asked as the last thing before the commit. */
  readonly leaseHolds: () => boolean;
}

/** The purchases. Each method throws Unavailable when the database fails. */
export interface Ledger {
  knows(product: string): boolean;
  saleOfKey(key: string): Sale | undefined;
  /**
   * Writes a sale and lowers the stock, in one transaction.
   * @throws LeaseLost, StaleToken, KeyTaken or SaleVoided; then nothing was written
   */
  record(sale: Sale, terms: CommitTerms): void;
}

export interface PurchaseRow {
  readonly id: number;
  readonly sale: string;
  readonly buyer: string;
  readonly product: string;
  readonly quantity: number;
  readonly key: string | null;
  readonly remaining: number;
  readonly fencingToken: number | null;
  readonly createdAt: string;
}

export interface LedgerReadings {
  ping(): void;
  /** undefined for a product that is not for sale here. */
  stockOf(product: string): number | undefined;
  count(): number;
  /** The newest rows, in the order in which they were committed. */
  newest(limit: number): PurchaseRow[];
}

/** What the repair at the start does with the ledger. */
export interface LedgerRepairs {
  products(): readonly string[];
  /** Makes sure that those of the sales which are not in the ledger never will be. @returns those which are */
  voidUnlessRecorded(sales: readonly string[]): ReadonlySet<string>;
  /** The last sale of a product that this process has written; undefined where it has written none. Asks no database. */
  lastWritten(product: string): string | undefined;
  /** Nothing, at fence 0, of a product that is not for sale here. */
  standing(product: string): { readonly stock: number; readonly fence: number };
  /**
   * Shuts out every sale that has a fencing token by now.
   * @param seen the fence before it was found that tokens are lost
   * @returns the stock, and where the tokens must go on; undefined when the fence has moved since: somebody knows more
   */
  fenceOff(product: string, seen: number): { readonly stock: number; readonly fence: number } | undefined;
}

export interface ShopLedger extends Ledger, LedgerReadings, LedgerRepairs {
  close(): void;
}
