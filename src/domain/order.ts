/** One line of an order: a whole number of units of one product. */
export interface OrderLine {
  /** The product's place in the plan's list of products. */
  readonly product: number;
  readonly quantity: number;
}

/** What a buyer asks for. A run has few distinct orders, and each attempt refers to one by its place. */
export interface Order {
  readonly lines: readonly OrderLine[];
}
