export interface OrderLine {
  readonly product: string;
  /** A whole number of units, at least 1. */
  readonly quantity: number;
}

/** What a buyer asks for: all of it or nothing. */
export interface Order {
  readonly buyer: string;
  /** The same key twice is the same order; null when the buyer gave none. */
  readonly key: string | null;
  /** Each product once, in the global order in which everybody takes the locks. */
  readonly lines: readonly OrderLine[];
  /** Whether it was asked, and is answered, as a list of items. */
  readonly basket: boolean;
}

/** Merges lines of the same product and sorts them: with one order for everybody no cycle of waiting can form. */
export function inLockOrder(lines: readonly OrderLine[]): OrderLine[] {
  const units = new Map<string, number>();
  for (const { product, quantity } of lines) units.set(product, (units.get(product) ?? 0) + quantity);
  return [...units]
    .map(([product, quantity]) => ({ product, quantity }))
    .sort((a, b) => (a.product < b.product ? -1 : 1));
}
