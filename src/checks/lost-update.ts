import { mayHaveGivenBack } from "../domain/give-backs.ts";
import { OrderBook } from "../domain/order-book.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { Evidence, attemptLine, rowLine } from "./evidence.ts";
import { toldInAnswers, writtenInRows } from "./lost-update/collect.ts";
import type { Handouts } from "./lost-update/handouts.ts";
import { levelsAreSpokenOf } from "./lost-update/spoken.ts";
import { settledRows } from "./witnesses.ts";
import { count } from "./wording.ts";

const EXPECTED = "every unit sold once, stock only falls";
const UNSPOKEN = "one number in the answer to a basket is of no product, and the rows do not say what remained";

/**
 * No two sales left the same stock behind, and of two sales of which one
 * certainly came first, the later left less. A unit that was given back is sold
 * again lawfully, so each unit that may have been given back excuses one.
 *
 * "Certainly first" means that one was answered before the other was granted.
 * Grant stamps alone do not order sales: a shop that decrements atomically and
 * without a lock stamps around the decrement, and two processes may do so in
 * either order.
 */
export const lostUpdate: Check = {
  name: "lost_update",
  kind: "correctness",
  applies: ({ target }) => target.answer.remaining !== null,
  mayBeLeftOut: (run) => (levelsAreSpokenOf(run) ? undefined : UNSPOKEN),
  judge(run) {
    const book = new OrderBook(run.plan.load.orders, run.plan.products.length);
    const rows = settledRows(run.truth);
    const told = toldInAnswers(run.history, book);
    const written = rows === null ? [] : writtenInRows(rows, run.history, book);
    const excuses = book.unitsOver(run.history, mayHaveGivenBack(run.history, book, rows));
    const examined = run.plan.products.map((_, product) =>
      examine(run, excuses[product] ?? 0, told[product], written[product]),
    );
    return rule(run, examined, total(told), total(written));
  },
};

interface Examined {
  /** Units sold twice, or risen again, beyond all excuses. */
  readonly violations: number;
  /** The same, with an excuse. */
  readonly excused: number;
  readonly evidence: readonly string[];
}

function examine(run: Case, excuses: number, told: Handouts | undefined, written: Handouts | undefined): Examined {
  const evidence = new Evidence();
  const answer = (attempt: number): string =>
    `${attemptLine(run.history, attempt)} left ${String(run.history.remaining(attempt))}`;
  const row = (place: number): string => describeRow(run, place);
  const rise = told?.highestRise();
  const sightings = [
    told?.unitsSoldTwice((one, other) => evidence.add(() => `${answer(one)}, ${answer(other)}: the same unit`)) ?? 0,
    written?.unitsSoldTwice((one, other) => evidence.add(() => `${row(one)}, ${row(other)}: the same unit`)) ?? 0,
    rise?.units ?? 0,
  ];
  if (rise !== undefined && rise.units > 0) {
    evidence.add(() => `${answer(rise.before)}, then ${answer(rise.after)}: risen by ${count(rise.units, "unit")}`);
  }
  const seen = Math.max(...sightings);
  return { violations: Math.max(0, seen - excuses), excused: Math.min(seen, excuses), evidence: evidence.lines };
}

function describeRow({ plan, truth }: Case, row: number): string {
  if (truth.purchases === null) return "";
  return `${rowLine(truth.purchases, plan.products, row)} left ${String(truth.purchases.remaining(row))}`;
}

function rule(run: Case, examined: readonly Examined[], told: number, written: number): Ruling {
  const violations = sum(examined.map((each) => each.violations));
  const excused = sum(examined.map((each) => each.excused));
  const evidence = examined.flatMap((each) => each.evidence).slice(0, 6);
  const seen = `${count(told, "answer")} and ${count(written, "row")} say what remained`;
  if (violations > 0) {
    const detail = `${seen}; beyond the ${count(excused, "unit")} that may have been given back`;
    return { verdict: "fail", expected: EXPECTED, actual: `${count(violations, "unit")} lost`, detail, evidence };
  }
  const { sold } = run.metrics.outcomes;
  if (Math.max(told, written) < Math.min(2, Math.max(1, sold))) {
    const detail = `${seen}: too few to compare, of ${count(sold, "sale")}`;
    return { verdict: "inconclusive", expected: EXPECTED, actual: "not enough values", detail };
  }
  if (excused > 0) {
    const detail = `${seen}; ${count(excused, "unit")} sold again may have been given back, or lost`;
    return { verdict: "inconclusive", expected: EXPECTED, actual: "not certain", detail, evidence };
  }
  return { verdict: "pass", expected: EXPECTED, actual: "0 units lost", detail: `${seen}; all distinct and falling` };
}

function total(handouts: readonly Handouts[]): number {
  return sum(handouts.map(({ length }) => length));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
