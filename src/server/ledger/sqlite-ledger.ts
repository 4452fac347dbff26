import type Database from "better-sqlite3";
import { LedgerUnavailable } from "../unavailable.ts";
import type { CommitTerms, PurchaseRow, Sale, ShopLedger } from "./ledger.ts";
import { isRefusal, KeyTaken, LeaseLost, SaleVoided, StaleToken } from "./refusals.ts";
import { openDatabase } from "./schema.ts";
import { type SaleRow, saleFromRows } from "./sale-rows.ts";

/**
 * How far the fence is moved when Redis has lost its tokens: further than any
 * number of grants that can have gone by since the last commit.
 */
const FENCE_LEAP = 1_000_000;

/** The ledger in an SQLite file, which all replicas share. */
export class SqliteLedger implements ShopLedger {
  readonly #database: Database.Database;
  readonly #sql: Statements;
  readonly #record: Database.Transaction<(sale: Sale, terms: CommitTerms) => void>;
  readonly #void: Database.Transaction<(sales: readonly string[]) => Set<string>>;
  /** By product. */
  readonly #lastWritten = new Map<string, string>();

  /** @throws SqliteError when the file cannot be opened */
  constructor(file: string) {
    this.#database = openDatabase(file);
    this.#sql = prepare(this.#database);
    this.#record = this.#database.transaction((sale, terms) => this.#write(sale, terms));
    this.#void = this.#database.transaction((sales) => this.#voidMissing(sales));
  }

  knows(product: string): boolean {
    return this.stockOf(product) !== undefined;
  }

  saleOfKey(key: string): Sale | undefined {
    return guard(() => saleFromRows(this.#sql.saleOfKey.all(key)));
  }

  record(sale: Sale, terms: CommitTerms): void {
    guard(() => this.#record.immediate(sale, terms));
    for (const { product } of sale.lines) this.#lastWritten.set(product, sale.sale);
  }

  ping(): void {
    guard(() => this.#sql.ping.get());
  }

  stockOf(product: string): number | undefined {
    return guard(() => this.#sql.stockOf.get(product)?.stock);
  }

  count(): number {
    return guard(() => this.#sql.count.get()?.count ?? 0);
  }

  newest(limit: number): PurchaseRow[] {
    return guard(() => this.#sql.newest.all(limit));
  }

  products(): readonly string[] {
    return guard(() => this.#sql.products.all().map(({ id }) => id));
  }

  voidUnlessRecorded(sales: readonly string[]): ReadonlySet<string> {
    return guard(() => {
      // Most are there, and looking disturbs nobody who writes.
      const recorded = this.#recorded(sales);
      return recorded.size === sales.length ? recorded : this.#void.immediate(sales);
    });
  }

  lastWritten(product: string): string | undefined {
    return this.#lastWritten.get(product);
  }

  standing(product: string): { stock: number; fence: number } {
    return guard(() => this.#sql.standingOf.get(product) ?? { stock: 0, fence: 0 });
  }

  fenceOff(product: string, seen: number): { stock: number; fence: number } | undefined {
    return guard(() => this.#sql.fenceOff.get(FENCE_LEAP, product, seen));
  }

  close(): void {
    this.#database.close();
  }

  /** Runs inside the transaction: throwing rolls everything back. */
  #write(sale: Sale, terms: CommitTerms): void {
    const { keyTaken, voided } = this.#sql.standing.get(sale.key, sale.sale) ?? { keyTaken: null, voided: null };
    if (keyTaken !== null) throw new KeyTaken(`key ${String(sale.key)} belongs to another sale`);
    if (voided !== null) throw new SaleVoided(`sale ${sale.sale} was given up by a starting server`);
    sale.lines.forEach((line, place) => {
      const { product, quantity, remaining, fencingToken } = line;
      const fence = terms.fences[place] ?? 0;
      this.#sql.insert.run({ ...sale, product, quantity, remaining, fencingToken });
      const basis = terms.bases?.[place] ?? fence;
      const { changes } = this.#sql.lower.run({ product, quantity, fence, basis });
      if (changes !== 1) throw new StaleToken(product, this.#sql.fenceOf.get(product)?.fence ?? 0);
    });
    if (!terms.leaseHolds()) throw new LeaseLost("the lease ran out before the commit");
  }

  #recorded(sales: readonly string[]): Set<string> {
    return new Set(this.#sql.recorded.all(JSON.stringify(sales)).map(({ sale }) => sale));
  }

  #voidMissing(sales: readonly string[]): Set<string> {
    const recorded = this.#recorded(sales);
    for (const sale of sales) if (!recorded.has(sale)) this.#sql.void.run(sale);
    return recorded;
  }
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: Database.Database) {
  return {
    ping: database.prepare("SELECT count(*) FROM products"),
    stockOf: database.prepare<[string], { stock: number }>("SELECT stock FROM products WHERE id = ?"),
    fenceOf: database.prepare<[string], { fence: number }>("SELECT fence FROM products WHERE id = ?"),
    products: database.prepare<[], { id: string }>("SELECT id FROM products ORDER BY id"),
    count: database.prepare<[], { count: number }>("SELECT count(*) AS count FROM purchases"),
    newest: database.prepare<[number], PurchaseRow>(
      `SELECT id, sale, buyer, product, quantity, key, remaining, fencing_token AS fencingToken, created_at AS createdAt
       FROM (SELECT * FROM purchases ORDER BY id DESC LIMIT ?) ORDER BY id`,
    ),
    saleOfKey: database.prepare<[string], SaleRow>(
      `SELECT sale, buyer, key, product, quantity, remaining, fencing_token AS fencingToken,
              arrived_at_ns AS arrivedAtNs, granted_at_ns AS grantedAtNs
       FROM purchases WHERE key = ? ORDER BY id`,
    ),
    standing: database.prepare<[string | null, string], { keyTaken: 1 | null; voided: 1 | null }>(
      `SELECT (SELECT 1 FROM purchases WHERE key = ?) AS keyTaken, (SELECT 1 FROM voided_sales WHERE sale = ?) AS voided`,
    ),
    insert: database.prepare(
      `INSERT INTO purchases (sale, buyer, product, quantity, key, remaining, fencing_token, arrived_at_ns, granted_at_ns)
       VALUES (:sale, :buyer, :product, :quantity, :key, :remaining, :fencingToken, :arrivedAtNs, :grantedAtNs)`,
    ),
    lower: database.prepare(
      "UPDATE products SET stock = stock - :quantity, fence = :fence WHERE id = :product AND fence <= :basis",
    ),
    recorded: database.prepare<[string], { sale: string }>(
      "SELECT DISTINCT sale FROM purchases WHERE sale IN (SELECT value FROM json_each(?))",
    ),
    standingOf: database.prepare<[string], { stock: number; fence: number }>(
      "SELECT stock, fence FROM products WHERE id = ?",
    ),
    void: database.prepare<[string]>("INSERT OR IGNORE INTO voided_sales (sale) VALUES (?)"),
    fenceOff: database.prepare<[number, string, number], { stock: number; fence: number }>(
      "UPDATE products SET fence = fence + ? WHERE id = ? AND fence = ? RETURNING stock, fence",
    ),
  };
}

function guard<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (isRefusal(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new LedgerUnavailable(`database: ${message}`, { cause: error });
  }
}
