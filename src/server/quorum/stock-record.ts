/** Which write of a product's stock a node has. */
export interface StockRecord {
  /** Rises with every write: the fencing token of its writer. */
  readonly version: number;
  /** The version of the last sale in the ledger that the writer built on. */
  readonly basis: number;
  /** The sale that took units with this write, and that the ledger may not have yet; null when there is none. */
  readonly sale: string | null;
  /** The units that it took. */
  readonly quantity: number;
}

/** Reads `version basis sale quantity`; a node on which only the stock was set has version 0. */
export function parseRecord(text: string): StockRecord {
  const [version = "", basis = "", sale = "-", quantity = ""] = text.split(" ");
  return {
    version: Number(version),
    basis: Number(basis),
    sale: sale === "-" ? null : sale,
    quantity: Number(quantity),
  };
}

export function formatRecord({ version, basis, sale, quantity }: StockRecord): string {
  return `${String(version)} ${String(basis)} ${sale ?? "-"} ${String(quantity)}`;
}
