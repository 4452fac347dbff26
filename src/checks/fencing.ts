import { OrderBook } from "../domain/order-book.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { Evidence, attemptLine, rowLine } from "./evidence.ts";
import { type Order, fallsInAnswers, fallsInRows } from "./fencing/order.ts";
import { retakenIn } from "./fencing/retaken.ts";
import { inconclusiveFor } from "./inconclusive.ts";
import { interleaving, lockMoment, shown } from "./lock-log/interleaving.ts";
import { judgeLocks, mayLeaveOutLocks, seesLocks } from "./lock-log/judge-locks.ts";
import type { LockStory } from "./lock-log/lock-story.ts";
import { settledRows } from "./witnesses.ts";
import { count } from "./wording.ts";

const EXPECTED = "tokens only rise";

/**
 * Fencing tokens rise with every grant, no row was committed with an older token
 * than a row before it, and nobody who lost a lock takes it again under the same
 * owner's token while his work goes on.
 */
export const fencing: Check = {
  name: "fencing",
  kind: "correctness",
  applies: (plan) => seesLocks(plan) && plan.target.answer.fencingToken !== null,
  mayBeLeftOut: mayLeaveOutLocks,
  judge(run) {
    const tokens = tokensOf(run);
    if (tokens.evidence.found > 0) {
      const detail = `${tokens.seen}; a later one is not higher ${count(tokens.evidence.found, "time")}`;
      return fail(`${count(tokens.evidence.found, "token")} out of order`, detail, tokens.evidence.lines);
    }
    return judgeLocks(run, EXPECTED, (story) => rule(run, story, tokens));
  },
};

interface Tokens {
  readonly evidence: Evidence;
  /** Pairs whose order nobody can tell. */
  readonly rounded: Evidence;
  readonly inRows: number;
  readonly inAnswers: number;
  readonly seen: string;
}

function tokensOf(run: Case): Tokens {
  const { history, plan } = run;
  const rows = settledRows(run.truth);
  const book = new OrderBook(plan.load.orders, plan.products.length);
  const [evidence, rounded] = [new Evidence(), new Evidence()];
  const note = (told: Order, line: (place: number) => string): void => {
    for (const { before, after } of told.falls) evidence.add(() => `${line(before)}, then ${line(after)}`);
    for (const { before, after } of told.rounded) rounded.add(() => `${line(before)}, then ${line(after)}`);
  };
  let [inRows, inAnswers] = [0, 0];
  for (let product = 0; product < plan.products.length; product += 1) {
    if (rows !== null) {
      const told = fallsInRows(rows, product);
      const row = (place: number): string =>
        `${rowLine(rows, plan.products, place)} with token ${String(rows.fencingToken(place))}`;
      note(told, row);
      inRows += told.tokens;
    }
    const told = fallsInAnswers(history, book, product);
    const answer = (place: number): string =>
      `${attemptLine(history, place)} with token ${String(history.fencingToken(place))}`;
    note(told, answer);
    inAnswers += told.tokens;
  }
  const seen = `${count(inRows, "row")} and ${count(inAnswers, "answer")} carry a token`;
  return { evidence, rounded, inRows, inAnswers, seen };
}

function rule({ plan }: Case, { holds }: LockStory, { inRows, inAnswers, rounded, seen }: Tokens): Ruling {
  const inconclusive = inconclusiveFor(EXPECTED);
  const retaken = plan.products.flatMap((_, product) =>
    retakenIn(holds.filter(({ attempt }) => attempt.product === product)),
  );
  const [first] = retaken;
  if (first !== undefined) {
    const { attempt } = first.owner;
    const detail = `${shown(attempt.token)} lost ${attempt.key} to ${shown(first.between.attempt.token)}, and took it again under the same token without giving it up`;
    return fail(`${count(retaken.length, "lock")} taken again`, detail, interleaving(first.proof.map(lockMoment)));
  }
  if (Math.max(inRows, inAnswers) < 2) {
    return inconclusive("not enough tokens", `${seen}: none to compare`);
  }
  if (rounded.found > 0) {
    const detail = `${seen}; ${count(rounded.found, "one")} beyond 2^53 cannot be told from the one before`;
    return inconclusive("tokens too large", detail, rounded.lines);
  }
  return { verdict: "pass", expected: EXPECTED, actual: "0 out of order", detail: `${seen}, each in its order` };
}

function fail(actual: string, detail: string, evidence: readonly string[]): Ruling {
  return { verdict: "fail", expected: EXPECTED, actual, detail, evidence };
}
