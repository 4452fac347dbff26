import type { History } from "../../domain/history.ts";
import type { OrderBook } from "../../domain/order-book.ts";
import type { OrderLine } from "../../domain/order.ts";
import type { Queue } from "./queue.ts";

/** A winner who arrived after a loser in whose turn the units were. */
export interface Overtaking {
  readonly winner: number;
  readonly loser: number;
  readonly ns: number;
  /** How many places behind the loser the winner stood, among those who wanted the product. */
  readonly places: number;
}

export interface Standing {
  /** Units sold to contenders. */
  readonly units: number;
  /** Those of them that went to somebody whose turn had not come. */
  readonly outOfTurn: number;
  /** The longest in time; null when nobody was overtaken. */
  readonly longest: Overtaking | null;
}

/**
 * Serves the queue once more, strictly in order of arrival, with the units that
 * were really sold: whoever is served has a turn. Where everybody wants one
 * unit, these are the first K arrivals of K units. Where orders differ, an order
 * for 3 that finds 2 is passed over, just as a fair shop would do.
 */
export function standing(history: History, book: OrderBook, queue: Queue): Standing {
  const units = unitsSold(history, book, queue);
  const turns = assignTurns(history, book, queue, units);
  const total = units.reduce((sum, own) => sum + own, 0);
  return { units: total, ...findOutOfTurn(history, book, queue, turns) };
}

function unitsSold(history: History, book: OrderBook, { attempts, won }: Queue): Float64Array {
  const units = new Float64Array(book.products);
  for (const attempt of attempts) {
    if (!won(attempt)) continue;
    for (const { product, quantity } of book.lines(history.order(attempt)))
      units[product] = (units[product] ?? 0) + quantity;
  }
  return units;
}

/** A mark for each place in the queue that has a turn. */
function assignTurns(history: History, book: OrderBook, { attempts }: Queue, units: Float64Array): Uint8Array {
  const has = new Uint8Array(attempts.length);
  const left = units.slice();
  attempts.forEach((attempt, place) => {
    const lines = book.lines(history.order(attempt));
    if (!lines.every(({ product, quantity }) => (left[product] ?? 0) >= quantity)) return;
    has[place] = 1;
    for (const { product, quantity } of lines) left[product] = (left[product] ?? 0) - quantity;
  });
  return has;
}

function findOutOfTurn(
  history: History,
  book: OrderBook,
  { attempts, arrivals, won }: Queue,
  turns: Uint8Array,
): Pick<Standing, "outOfTurn" | "longest"> {
  const overtaken = new Overtaken(book.products);
  let outOfTurn = 0;
  let longest: Overtaking | null = null;
  attempts.forEach((attempt, place) => {
    const order = history.order(attempt);
    const lines = book.lines(order);
    overtaken.advance(lines);
    const served = won(attempt);
    const arrivedAt = arrivals[attempt] ?? 0;
    if (turns[place] === 1) {
      if (!served) overtaken.note(lines, attempt, arrivedAt);
      return;
    }
    if (!served) return;
    outOfTurn += book.size(order);
    const own = overtaken.longest(lines, attempt, arrivedAt);
    if (own !== null && own.ns > (longest?.ns ?? -1)) longest = own;
  });
  return { outOfTurn, longest };
}

interface FirstLoser {
  readonly attempt: number;
  readonly arrivedAt: number;
  readonly place: number;
}

/** The first loser with a turn, for each product, and how far the queue has gone since. */
class Overtaken {
  readonly #place: Float64Array;
  readonly #first = new Map<number, FirstLoser>();

  constructor(products: number) {
    this.#place = new Float64Array(products);
  }

  advance(lines: readonly OrderLine[]): void {
    for (const { product } of lines) this.#place[product] = (this.#place[product] ?? 0) + 1;
  }

  note(lines: readonly OrderLine[], attempt: number, arrivedAt: number): void {
    for (const { product } of lines) {
      if (this.#first.has(product)) continue;
      this.#first.set(product, { attempt, arrivedAt, place: this.#place[product] ?? 0 });
    }
  }

  longest(lines: readonly OrderLine[], winner: number, arrivedAt: number): Overtaking | null {
    let longest: Overtaking | null = null;
    for (const { product } of lines) {
      const loser = this.#first.get(product);
      if (loser === undefined) continue;
      const places = (this.#place[product] ?? 0) - loser.place;
      const ns = arrivedAt - loser.arrivedAt;
      if (longest === null || ns > longest.ns) longest = { winner, loser: loser.attempt, ns, places };
    }
    return longest;
  }
}
