import type { History } from "../../domain/history.ts";
import type { OrderBook } from "../../domain/order-book.ts";
import { outcomeCode } from "../../domain/outcome.ts";
import { sortPlaces } from "../../domain/sorted-order.ts";
import { plausibleArrival } from "../../domain/stamps.ts";
import type { Tries } from "../../domain/tries.ts";

/** Who came for the stock, in order of arrival. */
export interface Queue {
  readonly attempts: Uint32Array;
  /** When an attempt arrived, in nanoseconds, at its own place in the history. */
  readonly arrivals: Float64Array;
  /** Whether it got its units, in the end. */
  readonly won: (attempt: number) => boolean;
}

/** Where buyers come back, whoever was served at a later try has won. */
export function winners(history: History, tries: Tries): (attempt: number) => boolean {
  return (attempt) => history.outcomeCode(tries.last(attempt)) === outcomeCode.sold;
}

/**
 * Those who got a clear answer: sold, sold out, or busy. Winners come first,
 * then losers. Where buyers come back, each counts once: from his first clear
 * answer, by what he was told in the end. A shop that sends the first away and
 * serves the next would else look fair.
 */
export function contenders(history: History, book: OrderBook, tries: Tries): Uint32Array {
  const won = winners(history, tries);
  const counted = new Uint8Array(tries.repeat ? history.buyers : 0);
  const contending = new Uint32Array(history.length);
  let count = 0;
  for (const wanted of [true, false]) {
    for (let attempt = 0; attempt < history.length; attempt += 1) {
      if (won(attempt) !== wanted || !competed(history, book, attempt)) continue;
      const buyer = history.buyer(attempt);
      if (counted[buyer] === 1 || !isClear(history, tries.last(attempt))) continue;
      counted[buyer] = 1;
      contending[count] = attempt;
      count += 1;
    }
  }
  return contending.subarray(0, count);
}

function competed(history: History, book: OrderBook, attempt: number): boolean {
  return isClear(history, attempt) && book.lines(history.order(attempt)).length > 0;
}

function isClear(history: History, attempt: number): boolean {
  const outcome = history.outcomeCode(attempt);
  const clear = outcome === outcomeCode.sold || outcome === outcomeCode.sold_out || outcome === outcomeCode.busy;
  return clear && !Number.isNaN(history.endedAt(attempt));
}

/** Between which moments an attempt took its place in the queue, in ns. */
export interface Bounds {
  readonly earliest: (attempt: number) => number;
  readonly latest: (attempt: number) => number;
}

/** The arrival itself where it is stamped; else it lies between sending and answer. */
export function arrivalBounds(history: History): Bounds {
  const stampedOr = (attempt: number, otherwise: number): number => {
    const stamped = plausibleArrival(history, attempt);
    return Number.isNaN(stamped) ? otherwise : stamped;
  };
  return {
    earliest: (attempt) => stampedOr(attempt, history.sentAt(attempt)),
    latest: (attempt) => stampedOr(attempt, history.endedAt(attempt)),
  };
}

/**
 * Arrivals known only by their bounds can be put in many orders. `kindest` lets
 * every winner arrive as early and every loser as late as can be: an overtaking
 * that remains is certain, since its winner was sent after the loser's answer.
 * `harshest` is the opposite.
 * @param contending winners first, in the order that ties keep
 */
export function queueUp(
  history: History,
  contending: Uint32Array,
  won: Queue["won"],
  { earliest, latest }: Bounds,
  view: "kindest" | "harshest",
): Queue {
  const arrivals = new Float64Array(history.length);
  for (const attempt of contending) {
    arrivals[attempt] = won(attempt) === (view === "kindest") ? earliest(attempt) : latest(attempt);
  }
  // Equal arrivals keep their order, so whoever should win a tie is put first.
  const inTieOrder = view === "kindest" ? contending.slice() : contending.toReversed();
  return { attempts: sortPlaces(inTieOrder, arrivals), arrivals, won };
}

/** Whether every view shows this order: all arrivals are stamped, and no winner came at the same moment as a loser. */
export function isCertain(history: History, { attempts, arrivals, won }: Queue): boolean {
  let previous = -1;
  for (const attempt of attempts) {
    if (Number.isNaN(plausibleArrival(history, attempt))) return false;
    if (previous >= 0 && arrivals[attempt] === arrivals[previous] && won(attempt) !== won(previous)) return false;
    previous = attempt;
  }
  return true;
}
