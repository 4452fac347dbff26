import { OrderBook } from "../domain/order-book.ts";
import { type Outcome, outcomeCode } from "../domain/outcome.ts";
import type { Purchases } from "../domain/purchases.ts";
import { Tries } from "../domain/tries.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { Evidence, attemptLine } from "./evidence.ts";
import { sellableUnits, servable } from "./exact-sales/demand.ts";
import { judgeUnits } from "./witnesses.ts";
import { count } from "./wording.ts";

/** Everything that could be sold was sold, and no unit more. */
export const exactSales: Check = {
  name: "exact_sales",
  kind: "correctness",
  applies: () => true,
  judge(run) {
    const sale = openSale(run);
    if (run.history.length === 0) return inconclusive(sale, "no attempts", "nobody tried to buy");
    if (run.truth.purchases === null) return judgeAnswers(run, sale);
    return judgeUnits(run, sale.expected, (purchases) => judgeRows(run, sale, purchases));
  },
};

interface Sale {
  readonly book: OrderBook;
  readonly tries: Tries;
  /** The most that each product may sell. */
  readonly sellable: readonly number[];
  readonly units: number;
  readonly expected: string;
}

function openSale({ plan, history }: Case): Sale {
  const book = new OrderBook(plan.load.orders, plan.products.length);
  const tries = new Tries(history, plan.load);
  const sellable = sellableUnits(plan, history, book, tries);
  const units = plan.demands.sold ?? sum(sellable);
  return { book, tries, sellable, units, expected: count(units, "unit") };
}

/** Without rows, answers can only prove too much: that more was promised than there is. */
function judgeAnswers({ history }: Case, sale: Sale): Ruling {
  const promised = sale.book.unitsOver(history, (attempt) => history.outcomeCode(attempt) === outcomeCode.sold);
  const actual = `${count(sum(promised), "unit")} answered "sold"`;
  if (promised.some((units, product) => units > (sale.sellable[product] ?? 0))) {
    const detail = `more units were answered "sold" than stock and demand allow (${sale.expected})`;
    return { verdict: "fail", expected: sale.expected, actual, detail };
  }
  return inconclusive(
    sale,
    actual,
    "the scenario has no probe for purchases: what was sold is known from answers only",
  );
}

function judgeRows(run: Case, sale: Sale, purchases: Purchases): Ruling {
  const committed = run.plan.products.map((_, product) => purchases.units(product));
  const sold = sum(committed);
  const actual = count(sold, "unit");
  if (sold > sale.units || committed.some((units, product) => units > (sale.sellable[product] ?? 0))) {
    return { verdict: "fail", expected: sale.expected, actual, detail: tooMuch(run, sale, committed) };
  }
  if (sale.units === 0) return inconclusive(sale, actual, "there was nothing to sell, so nothing was proven");
  if (sold < sale.units) return judgeShortfall(run, sale, purchases, committed);
  const detail = `${String(sold)} units in rows = ${String(sale.units)} ${basis(run)}`;
  return { verdict: "pass", expected: sale.expected, actual, detail };
}

function tooMuch({ plan }: Case, sale: Sale, committed: readonly number[]): string {
  const product = committed.findIndex((units, place) => units > (sale.sellable[place] ?? 0));
  if (product < 0) return `${count(sum(committed), "unit")} in rows, the scenario demands ${String(sale.units)}`;
  const most = count(sale.sellable[product] ?? 0, "unit");
  const id = plan.products[product]?.id ?? "?";
  return `product "${id}": ${count(committed[product] ?? 0, "unit")} in rows, stock and demand allow ${most}`;
}

function basis({ plan }: Case): string {
  return plan.demands.sold === null ? "that stock and demand allow" : "that the scenario demands";
}

/** Fewer units were sold than expected: whose fault was it? */
function judgeShortfall(run: Case, sale: Sale, purchases: Purchases, committed: readonly number[]): Ruling {
  const { history, plan } = run;
  const sold = sum(committed);
  const left = sum(plan.products.map(({ stock }, product) => stock - (committed[product] ?? 0)));
  const unserved = whoCouldBeServed(run, sale, purchases);
  const fail = (detail: string, evidence: readonly string[]): Ruling => ({
    verdict: "fail",
    expected: sale.expected,
    actual: count(sold, "unit"),
    detail,
    evidence,
  });
  const open = (detail: string): Ruling => inconclusive(sale, count(sold, "unit"), detail);
  const whileLeft = `while ${count(left, "unit was", "units were")} left`;
  const { toldSoldOut, turnedAway, unheard } = unserved;
  if (toldSoldOut.found > 0) {
    const told = count(toldSoldOut.found, "attempt was", "attempts were");
    return fail(`undersold: ${told} told "sold out" ${whileLeft}`, toldSoldOut.lines);
  }
  const promised = sale.book.unitsOver(history, (attempt) => history.outcomeCode(attempt) === outcomeCode.sold);
  if (promised.some((units, product) => units > (committed[product] ?? 0))) {
    return fail(`${count(sum(promised), "unit")} answered "sold", but only ${String(sold)} in rows`, []);
  }
  if (sold === 0) return open(`nothing was sold; the commonest answer was ${commonest(run)}`);
  if (turnedAway.found > 0) {
    return fail(`undersold: ${count(turnedAway.found, "attempt")} turned away ${whileLeft}`, turnedAway.lines);
  }
  if (unheard.found > 0) return open(`${count(unheard.found, "attempt")} refused or without an answer ${whileLeft}`);
  if (plan.demands.sold !== null)
    return open(`nobody was turned away who could still be served: the load was too small`);
  const detail = `${count(sold, "unit")} in rows; nobody without a sale asked for so little that what was left would do`;
  return {
    verdict: "pass",
    expected: `as many of ${sale.expected} as orders fit`,
    actual: count(sold, "unit"),
    detail,
  };
}

interface Unserved {
  readonly toldSoldOut: Evidence;
  /** Busy, or answered with an error. */
  readonly turnedAway: Evidence;
  /** Refused on purpose, or never heard of: the shop may not be to blame. */
  readonly unheard: Evidence;
}

function whoCouldBeServed({ plan, history }: Case, { book, tries }: Sale, purchases: Purchases): Unserved {
  const unserved = { toldSoldOut: new Evidence(), turnedAway: new Evidence(), unheard: new Evidence() };
  const couldBeServed = servable(plan, history, book, tries, purchases);
  for (let attempt = 0; attempt < history.length; attempt += 1) {
    const outcome = history.outcome(attempt);
    if (outcome === "sold" || !couldBeServed(attempt)) continue;
    unserved[complaint(outcome, history.answered(attempt))].add(() => attemptLine(history, attempt));
  }
  return unserved;
}

function complaint(outcome: Outcome, answered: boolean): keyof Unserved {
  if (outcome === "sold_out") return "toldSoldOut";
  return outcome === "busy" || (outcome === "error" && answered) ? "turnedAway" : "unheard";
}

function commonest({ metrics }: Case): string {
  const [first] = Object.entries(metrics.outcomes).toSorted(([, a], [, b]) => b - a);
  return first === undefined ? "none" : `${first[0]} (${String(first[1])} of ${String(metrics.attempts)})`;
}

function inconclusive(sale: Sale, actual: string, detail: string): Ruling {
  return { verdict: "inconclusive", expected: sale.expected, actual, detail };
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
