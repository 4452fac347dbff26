import { messageOf } from "../domain/errors.ts";
import type { Plan } from "../domain/plan.ts";
import type { PurchaseRow } from "../domain/purchases.ts";
import type { StockReading } from "../domain/truth.ts";
import type { PurchaseProbe, StockProbe } from "../probes/probe.ts";

/** What all probes say at one moment. */
export interface Snapshot {
  readonly stock: readonly StockReading[];
  /** null without a purchase probe. */
  readonly rows: number | null;
  /** Probes that could not be read, a line each. */
  readonly unreachable: readonly string[];
}

/** The probes of a run, read together. */
export class Witnesses {
  readonly #plan: Plan;
  readonly #stock: readonly StockProbe[];
  readonly #purchases: PurchaseProbe | null;

  constructor(plan: Plan, stock: readonly StockProbe[], purchases: PurchaseProbe | null) {
    this.#plan = plan;
    this.#stock = stock;
    this.#purchases = purchases;
  }

  async snapshot(): Promise<Snapshot> {
    const unreachable: string[] = [];
    const attempt = async <Value>(read: Promise<Value>, otherwise: Value): Promise<Value> =>
      read.catch((error: unknown) => {
        unreachable.push(messageOf(error));
        return otherwise;
      });
    const stock = await Promise.all(
      this.#plan.products.flatMap(({ id }, product) =>
        this.#stock.map(async (probe) => (await attempt(read(probe, id), [])).map((word) => ({ ...word, product }))),
      ),
    );
    const rows = this.#purchases === null ? null : await attempt(count(this.#purchases), null);
    return { stock: stock.flat(), rows, unreachable: [...new Set(unreachable)] };
  }

  /** The purchase rows in commit order; nothing without a purchase probe. */
  async *rows(): AsyncGenerator<PurchaseRow> {
    if (this.#purchases !== null) yield* this.#purchases.rows();
  }

  get readsPurchases(): boolean {
    return this.#purchases !== null;
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#stock, ...(this.#purchases === null ? [] : [this.#purchases])].map((probe) => probe.close()),
    );
  }
}

// Probes may throw before they return a promise: an async function turns that into a rejection.
async function read(probe: StockProbe, product: string): Promise<Awaited<ReturnType<StockProbe["read"]>>> {
  return probe.read(product);
}
async function count(probe: PurchaseProbe): Promise<number | null> {
  return probe.count();
}
