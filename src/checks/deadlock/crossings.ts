import type { History } from "../../domain/history.ts";
import type { Order } from "../../domain/order.ts";
import type { Plan } from "../../domain/plan.ts";

export interface Crossings {
  /** Attempts at orders of several products. */
  readonly baskets: number;
  /** Those that were in flight together with an earlier one that named two of their products in the opposite order. */
  readonly crossed: number;
}

/** Two products in the order in which a basket names them: its own place, and that of the same two the other way round. */
interface Pair {
  readonly own: number;
  readonly opposite: number;
}

/**
 * How many baskets could have met in a deadlock, in a shop that takes its locks
 * as the request names them. Attempts come in the order of sending, so it is
 * enough to know when the last of each pair was over.
 */
export function crossings(history: History, { load, products }: Plan): Crossings {
  const numbered = new Map<number, number>();
  const placeOf = (first: number, then: number): number => {
    const name = first * products.length + then;
    const place = numbered.get(name) ?? numbered.size;
    numbered.set(name, place);
    return place;
  };
  const pairs = load.orders.map((order) => pairsOf(order, placeOf));
  const over = new Float64Array(numbered.size).fill(Number.NEGATIVE_INFINITY);
  let baskets = 0;
  let crossed = 0;
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const named = pairs[history.order(attempt)] ?? [];
    if (named.length === 0) continue;
    baskets += 1;
    const sentAt = history.sentAt(attempt);
    if (named.some(({ opposite }) => (over[opposite] ?? 0) > sentAt)) crossed += 1;
    const endedAt = endOf(history, attempt);
    for (const { own } of named) over[own] = Math.max(over[own] ?? 0, endedAt);
  }
  return { baskets, crossed };
}

/** What never ended is still under way. */
function endOf(history: History, attempt: number): number {
  const endedAt = history.endedAt(attempt);
  return Number.isNaN(endedAt) ? Number.POSITIVE_INFINITY : endedAt;
}

function pairsOf({ lines }: Order, placeOf: (first: number, then: number) => number): readonly Pair[] {
  const named = [...new Set(lines.map(({ product }) => product))];
  return named.flatMap((first, place) =>
    named.slice(place + 1).map((then) => ({ own: placeOf(first, then), opposite: placeOf(then, first) })),
  );
}
