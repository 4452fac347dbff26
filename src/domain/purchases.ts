import { attemptOfKey, buyerNumber } from "./buyers.ts";
import { Column } from "./column.ts";
import { RowsByAttempt } from "./rows-by-attempt.ts";
import { wholeNumber } from "./whole-number.ts";

/** A purchase as a probe reads it: one line of one sale. */
export interface PurchaseRow {
  /** What the shop calls this row; used in evidence only. */
  readonly id: string;
  readonly buyer: string;
  readonly product: string;
  readonly quantity: number;
  /** The idempotency key, where the shop stores it. */
  readonly key?: string | undefined;
  readonly remaining?: number | undefined;
  readonly fencingToken?: number | undefined;
}

/** What is needed to tie a row to an attempt. */
export interface RowContext {
  readonly run: string;
  /** Product names, in the plan's order. */
  readonly products: readonly string[];
  /** Attempt by buyer number, for shops that store no key; -1 where a buyer made none or more than one. */
  readonly attemptOfBuyer: (buyer: number) => number;
}

/** The purchase rows of a run, in the order in which the shop committed them, in columns. */
export class Purchases {
  readonly #context: RowContext;
  readonly #id = new Column();
  readonly #attempt = new Column();
  readonly #buyer = new Column();
  readonly #product = new Column();
  readonly #quantity = new Column();
  readonly #remaining = new Column();
  readonly #fencingToken = new Column();
  /** Ids that are not plain numbers. Numbers take no text, and a million texts would take their memory. */
  readonly #wordyIds = new Map<number, string>();
  readonly #strangers = new Map<number, PurchaseRow>();
  readonly #unkeyed = new Set<number>();
  readonly #unreadable: number[] = [];
  #byAttempt: RowsByAttempt | undefined;

  constructor(context: RowContext) {
    this.#context = context;
  }

  static from(rows: Iterable<PurchaseRow>, context: RowContext): Purchases {
    const purchases = new Purchases(context);
    for (const row of rows) purchases.add(row);
    return purchases;
  }

  get length(): number {
    return this.#id.length;
  }

  add(row: PurchaseRow): void {
    const place = this.length;
    const buyer = buyerNumber(row.buyer);
    const product = this.#context.products.indexOf(row.product);
    const attempt = this.#attemptOf(row, buyer);
    // Without a key, a buyer who came several times is no stranger: only which of his attempts it was is open.
    const open = row.key === undefined && attempt < 0 && buyer >= 0;
    if (open) this.#unkeyed.add(place);
    if (buyer < 0 || product < 0 || (attempt < 0 && !open)) this.#strangers.set(place, row);
    if (!Number.isInteger(row.quantity)) this.#unreadable.push(place);
    const id = wholeNumber(row.id, 0);
    if (id < 0) this.#wordyIds.set(place, row.id);
    this.#id.push(id);
    this.#attempt.push(attempt);
    this.#buyer.push(buyer);
    this.#product.push(product);
    this.#quantity.push(row.quantity);
    this.#remaining.push(row.remaining ?? Number.NaN);
    this.#fencingToken.push(row.fencingToken ?? Number.NaN);
    this.#byAttempt = undefined;
  }

  /** The rows by the attempt that they belong to, found once for all who ask. */
  byAttempt(attempts: number): RowsByAttempt {
    if (this.#byAttempt?.attempts !== attempts) this.#byAttempt = new RowsByAttempt(this, attempts);
    return this.#byAttempt;
  }

  id(row: number): string {
    return this.#wordyIds.get(row) ?? String(this.#id.at(row));
  }
  /** The attempt that this row belongs to, or -1 for a row of an attempt that nobody made. */
  attempt(row: number): number {
    return row < this.length ? this.#attempt.at(row) : -1;
  }
  /** The buyer's number, or -1 for a buyer that is not ours. */
  buyer(row: number): number {
    return row < this.length ? this.#buyer.at(row) : -1;
  }
  /** The product's place in the plan, or -1 for a product that is not in it. */
  product(row: number): number {
    return row < this.length ? this.#product.at(row) : -1;
  }
  quantity(row: number): number {
    return row < this.length ? this.#quantity.at(row) : 0;
  }
  remaining(row: number): number {
    return this.#remaining.at(row);
  }
  /** The token under which the row was written; NaN where it does not say. */
  fencingToken(row: number): number {
    return this.#fencingToken.at(row);
  }
  /** The whole row as read, for rows whose buyer, key or product is not of this run. */
  stranger(row: number): PurchaseRow | undefined {
    return this.#strangers.get(row);
  }
  /** Rows that name one of our buyers but no key, where the buyer alone does not tell which attempt it was. */
  get unkeyed(): ReadonlySet<number> {
    return this.#unkeyed;
  }
  /** Rows whose quantity is not a whole number: no sum of units can be trusted with them. */
  get unreadable(): readonly number[] {
    return this.#unreadable;
  }
  /** Committed units of one product. */
  units(product: number): number {
    let units = 0;
    for (let row = 0; row < this.length; row += 1) if (this.product(row) === product) units += this.quantity(row);
    return units;
  }
  /** How many rows name this product. */
  rowsOf(product: number): number {
    let rows = 0;
    for (let row = 0; row < this.length; row += 1) if (this.product(row) === product) rows += 1;
    return rows;
  }

  #attemptOf(row: PurchaseRow, buyer: number): number {
    return row.key === undefined ? this.#context.attemptOfBuyer(buyer) : attemptOfKey(this.#context.run, row.key);
  }
}
