import type { History } from "./history.ts";
import type { Order, OrderLine } from "./order.ts";

const NOTHING: readonly OrderLine[] = [];

/** What each order of a run asks for, with the lines of one product added up. */
export class OrderBook {
  readonly products: number;
  /**
   * True when every order asks for one product, and all orders of that product
   * for the same quantity. Only then does one sold-out mean that nobody else can be served either.
   */
  readonly uniform: boolean;
  readonly #lines: readonly (readonly OrderLine[])[];

  constructor(orders: readonly Order[], products: number) {
    this.products = products;
    this.#lines = orders.map(addedUp);
    this.uniform = isUniform(this.#lines);
  }

  /** One line for each product of an order; empty for an order that is not of this run. */
  lines(order: number): readonly OrderLine[] {
    return this.#lines[order] ?? NOTHING;
  }

  units(order: number, product: number): number {
    return this.lines(order).find((line) => line.product === product)?.quantity ?? 0;
  }

  /** Units of all products together. */
  size(order: number): number {
    return this.lines(order).reduce((units, line) => units + line.quantity, 0);
  }

  /** Units of each product over the attempts that are chosen. */
  unitsOver(history: History, chosen: (attempt: number) => boolean): Float64Array {
    const placed = new Float64Array(this.#lines.length);
    for (let attempt = 0; attempt < history.length; attempt += 1) {
      const order = history.order(attempt);
      if (order >= 0 && chosen(attempt)) placed[order] = (placed[order] ?? 0) + 1;
    }
    const units = new Float64Array(this.products);
    placed.forEach((times, order) => {
      for (const { product, quantity } of this.lines(order)) units[product] = (units[product] ?? 0) + times * quantity;
    });
    return units;
  }
}

function addedUp(order: Order): readonly OrderLine[] {
  const quantities = new Map<number, number>();
  for (const { product, quantity } of order.lines) quantities.set(product, (quantities.get(product) ?? 0) + quantity);
  return [...quantities].map(([product, quantity]) => ({ product, quantity }));
}

function isUniform(orders: readonly (readonly OrderLine[])[]): boolean {
  const quantities = new Map<number, number>();
  return orders.every((lines) => {
    const [line] = lines;
    if (line === undefined || lines.length > 1) return false;
    const known = quantities.get(line.product) ?? line.quantity;
    quantities.set(line.product, known);
    return known === line.quantity;
  });
}
