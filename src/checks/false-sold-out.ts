import { mayHaveGivenBack } from "../domain/give-backs.ts";
import type { History } from "../domain/history.ts";
import { OrderBook } from "../domain/order-book.ts";
import type { OrderLine } from "../domain/order.ts";
import { outcomeCode } from "../domain/outcome.ts";
import { earliestTake } from "../domain/stamps.ts";
import { Tries } from "../domain/tries.ts";
import { UnitTimeline } from "../domain/unit-timeline.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { Evidence, attemptLine } from "./evidence.ts";
import { type SoldOuts, soldOuts } from "./false-sold-out/tested.ts";
import { settledRows } from "./witnesses.ts";
import { count, milliseconds } from "./wording.ts";

const EXPECTED = "0 false sold-outs";

/**
 * Nobody was told "sold out" while what he wanted was certainly free. Passing
 * means: an order of events exists in which every such answer was true.
 *
 * A unit that somebody took only after L had his answer was still there while L
 * was being served. It was certainly free, unless somebody else held it
 * meanwhile and gave it back:
 *
 *     stock 1    X |--takes the unit--- write fails, gives it back --| error
 *                L        |-- finds 0 --| sold out
 *                W                                          |--------| sold
 *
 * L's answer was true. So the units of every attempt that may have given back
 * and was in flight together with L count as held. Without X, L was turned away
 * from the unit that W got.
 */
export const falseSoldOut: Check = {
  name: "false_sold_out",
  kind: "correctness",
  applies: () => true,
  mayBeLeftOut(run) {
    const { told, tested } = soldOuts(run, new OrderBook(run.plan.load.orders, run.plan.products.length));
    return told > 0 && tested === 0 ? BLIND : undefined;
  },
  judge(run) {
    const sale = openSale(run);
    const evidence = new Evidence();
    for (let attempt = 0; attempt < run.history.length; attempt += 1) {
      if (run.history.outcomeCode(attempt) !== outcomeCode.sold_out) continue;
      const lines = sale.book.lines(run.history.order(attempt));
      if (lines.length > 0 && lines.every((line) => certainlyFree(run.history, sale, attempt, line))) {
        evidence.add(() => proof(run.history, sale, attempt, lines));
      }
    }
    const answers = soldOuts(run, sale.book);
    return answers.told === 0 ? nobodyTold(run, sale.book) : rule(answers, evidence);
  },
};

const BLIND =
  'every buyer had been sent before the first "sold out" came, and the sales stamp no grants, so a false one could not be told from a true one; let buyers come more slowly (spawn_rate), or stamp grants (answer.granted_at)';

interface Sale {
  readonly book: OrderBook;
  /** The earliest moment at which each sold unit can have been taken. */
  readonly takes: UnitTimeline;
  /** When units that may have been given back can first have been held … */
  readonly holds: UnitTimeline;
  /** … and when they were certainly back. An attempt without an answer may hold for ever. */
  readonly returns: UnitTimeline;
}

function openSale({ plan, history, truth }: Case): Sale {
  const book = new OrderBook(plan.load.orders, plan.products.length);
  const holder = mayHaveGivenBack(history, book, settledRows(truth));
  const sold = (attempt: number): boolean => history.outcomeCode(attempt) === outcomeCode.sold;
  const answered = (attempt: number): boolean =>
    holder(attempt) && history.outcomeCode(attempt) !== outcomeCode.unknown && !Number.isNaN(history.endedAt(attempt));
  return {
    book,
    takes: timeline(history, book, sold, (attempt) => earliestTake(history, attempt)),
    holds: timeline(history, book, holder, (attempt) => history.sentAt(attempt)),
    returns: timeline(history, book, answered, (attempt) => history.endedAt(attempt)),
  };
}

function timeline(
  history: History,
  book: OrderBook,
  chosen: (attempt: number) => boolean,
  moment: (attempt: number) => number,
): UnitTimeline {
  return UnitTimeline.of(book.products, (add) => {
    for (let attempt = 0; attempt < history.length; attempt += 1) {
      if (!chosen(attempt)) continue;
      const at = moment(attempt);
      for (const { product, quantity } of book.lines(history.order(attempt))) add(product, at, quantity);
    }
  });
}

function certainlyFree(history: History, sale: Sale, attempt: number, { product, quantity }: OrderLine): boolean {
  const later = takenLater(history, sale, attempt, product);
  return later >= quantity && later - heldMeanwhile(history, sale, attempt, product) >= quantity;
}

function takenLater(history: History, sale: Sale, attempt: number, product: number): number {
  return sale.takes.unitsAfter(product, history.endedAt(attempt));
}

/** At most this many units were held, to be given back, at some moment while this attempt was in flight. */
function heldMeanwhile(history: History, sale: Sale, attempt: number, product: number): number {
  const own = history.outcomeCode(attempt) === outcomeCode.sold_out && !sale.book.uniform;
  const begun = sale.holds.unitsUpTo(product, history.endedAt(attempt));
  const over = sale.returns.unitsBefore(product, history.sentAt(attempt));
  return begun - over - (own ? sale.book.units(history.order(attempt), product) : 0);
}

function proof(history: History, sale: Sale, attempt: number, lines: readonly OrderLine[]): string {
  const [line] = lines;
  const product = line?.product ?? 0;
  const later = takenLater(history, sale, attempt, product);
  const held = heldMeanwhile(history, sale, attempt, product);
  const sum = `${count(later, "unit")} sold after that answer − at most ${String(held)} held meanwhile ≥ ${String(line?.quantity ?? 0)}`;
  const witness = laterSale(history, sale.book, product, history.endedAt(attempt));
  return `${attemptLine(history, attempt)}: ${sum}; ${witness}`;
}

/** Somebody who took the product after this moment. */
function laterSale(history: History, book: OrderBook, product: number, after: number): string {
  for (let attempt = history.length - 1; attempt >= 0; attempt -= 1) {
    if (history.outcomeCode(attempt) !== outcomeCode.sold || earliestTake(history, attempt) <= after) continue;
    if (book.units(history.order(attempt), product) === 0) continue;
    return `${attemptLine(history, attempt)} took it no earlier than ${milliseconds(earliestTake(history, attempt))}`;
  }
  return "";
}

function rule({ told, tested }: SoldOuts, evidence: Evidence): Ruling {
  const actual = count(evidence.found, "false sold-out");
  if (evidence.found > 0) {
    const detail = `${String(evidence.found)} of ${count(told, "sold-out answer")} came while a unit was certainly still free`;
    return { verdict: "fail", expected: EXPECTED, actual, detail, evidence: evidence.lines };
  }
  if (tested === 0) {
    return { verdict: "inconclusive", expected: EXPECTED, actual: "nothing to tell them by", detail: BLIND };
  }
  const detail = `${String(tested)} of ${count(told, "sold-out answer")} tested: an order of events exists in which all of them were true`;
  return { verdict: "pass", expected: EXPECTED, actual, detail };
}

/** Right when there was enough for everybody; otherwise nothing was put to the test. */
function nobodyTold({ plan, history, metrics }: Case, book: OrderBook): Ruling {
  const tries = new Tries(history, plan.load);
  const asked = book.unitsOver(history, (attempt) => tries.isLast(attempt));
  const enough = plan.products.every(({ stock }, product) => (asked[product] ?? 0) <= stock);
  const actual = "no sold-out answer";
  if (enough && metrics.outcomes.sold > 0) {
    const detail = 'nobody was told "sold out", and nobody had to be: there was enough for all orders';
    return { verdict: "pass", expected: EXPECTED, actual, detail };
  }
  const detail = 'nobody was told "sold out", so there was no answer to test';
  return { verdict: "inconclusive", expected: EXPECTED, actual, detail };
}
