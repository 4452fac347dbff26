import type { History } from "../../domain/history.ts";
import type { OrderBook } from "../../domain/order-book.ts";
import { outcomeCode } from "../../domain/outcome.ts";
import { sortPlaces } from "../../domain/sorted-order.ts";
import { plausibleArrival } from "../../domain/stamps.ts";

/** Who came for the stock, in order of arrival. */
export interface Queue {
  readonly attempts: Uint32Array;
  /** When an attempt arrived, in nanoseconds, at its own place in the history. */
  readonly arrivals: Float64Array;
}

/** Those who got a clear answer: sold, sold out, or busy. Winners come first, then losers. */
export function contenders(history: History, book: OrderBook): Uint32Array {
  const contending = new Uint32Array(history.length);
  let count = 0;
  for (const wanted of [true, false]) {
    for (let attempt = 0; attempt < history.length; attempt += 1) {
      if (won(history, attempt) !== wanted || !competed(history, book, attempt)) continue;
      contending[count] = attempt;
      count += 1;
    }
  }
  return contending.subarray(0, count);
}

function competed(history: History, book: OrderBook, attempt: number): boolean {
  const outcome = history.outcomeCode(attempt);
  const clear = outcome === outcomeCode.sold || outcome === outcomeCode.sold_out || outcome === outcomeCode.busy;
  return clear && !Number.isNaN(history.endedAt(attempt)) && book.lines(history.order(attempt)).length > 0;
}

function won(history: History, attempt: number): boolean {
  return history.outcomeCode(attempt) === outcomeCode.sold;
}

/**
 * Arrivals known only to lie between sending and answer can be put in many
 * orders. `kindest` lets every winner arrive as early and every loser as late
 * as can be: an overtaking that remains is certain, since its winner was sent
 * after the loser's answer. `harshest` is the opposite.
 */
export function queueUp(history: History, contending: Uint32Array, view: "kindest" | "harshest"): Queue {
  const arrivals = new Float64Array(history.length);
  for (const attempt of contending) arrivals[attempt] = arrival(history, attempt, view);
  // Equal arrivals keep their order, so whoever should win a tie is put first.
  const inTieOrder = view === "kindest" ? contending.slice() : contending.toReversed();
  return { attempts: sortPlaces(inTieOrder, arrivals), arrivals };
}

/** Whether every view shows this order: all arrivals are stamped, and no winner came at the same moment as a loser. */
export function isCertain(history: History, { attempts, arrivals }: Queue): boolean {
  let previous = -1;
  for (const attempt of attempts) {
    if (Number.isNaN(plausibleArrival(history, attempt))) return false;
    if (arrivals[attempt] === arrivals[previous] && won(history, attempt) !== won(history, previous)) return false;
    previous = attempt;
  }
  return true;
}

function arrival(history: History, attempt: number, view: "kindest" | "harshest"): number {
  const stamped = plausibleArrival(history, attempt);
  if (!Number.isNaN(stamped)) return stamped;
  return won(history, attempt) === (view === "kindest") ? history.sentAt(attempt) : history.endedAt(attempt);
}
