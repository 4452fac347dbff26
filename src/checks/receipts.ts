import { buyerName } from "../domain/buyers.ts";
import { OrderBook } from "../domain/order-book.ts";
import { outcomeCode } from "../domain/outcome.ts";
import type { Plan } from "../domain/plan.ts";
import type { Purchases } from "../domain/purchases.ts";
import type { RowsByAttempt } from "../domain/rows-by-attempt.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { Evidence, attemptLine, rowLine } from "./evidence.ts";
import { tally } from "./receipts/tally.ts";
import { type Account, balances, unkeyedAccounts } from "./receipts/unkeyed.ts";
import { judgeRows } from "./witnesses.ts";
import { count } from "./wording.ts";

const MOST_SHOWN = 3;
const EXPECTED = "rows for every sold, for nobody else";

/** Whoever was told "sold" has exactly the rows of his order; who was told anything else has none; silence may mean either. */
export const receipts: Check = {
  name: "receipts",
  kind: "correctness",
  applies: () => true,
  judge: (run) => judgeRows(run, EXPECTED, (purchases) => judgeReceipts(run, purchases)),
};

interface Books {
  readonly run: Case;
  readonly purchases: Purchases;
  readonly orders: OrderBook;
  readonly rows: RowsByAttempt;
  readonly accounts: ReadonlyMap<number, Account>;
  readonly evidence: Evidence;
}

function judgeReceipts(run: Case, purchases: Purchases): Ruling {
  const { history, plan, metrics } = run;
  const orders = new OrderBook(plan.load.orders, plan.products.length);
  const rows = purchases.byAttempt(history.length);
  const accounts = unkeyedAccounts(history, purchases, rows);
  const books: Books = { run, purchases, orders, rows, accounts, evidence: new Evidence() };
  for (let attempt = 0; attempt < history.length; attempt += 1) judgeAttempt(books, attempt);
  for (let row = 0; row < purchases.length; row += 1) judgeOwner(books, row);
  for (const account of books.accounts.values()) judgeAccount(books, account);
  const { sold, unknown } = metrics.outcomes;
  const detail = `${count(sold, "sold answer")} and ${count(unknown, "unanswered attempt")} × ${count(purchases.length, "row")}`;
  const { found, lines } = books.evidence;
  const actual = count(found, "contradiction");
  if (found > 0) return { verdict: "fail", expected: EXPECTED, actual, detail, evidence: lines };
  if (purchases.length === 0) {
    const nothing = 'nothing was answered "sold" and nothing was written, so there was nothing to compare';
    return { verdict: "inconclusive", expected: EXPECTED, actual: "no sale", detail: nothing };
  }
  return { verdict: "pass", expected: EXPECTED, actual, detail };
}

function judgeAttempt({ run, purchases, orders, rows, accounts, evidence }: Books, attempt: number): void {
  const { history, plan } = run;
  const outcome = history.outcomeCode(attempt);
  const first = rows.first(attempt);
  if (first < 0) {
    // A buyer whose rows carry no key is judged as a whole, below.
    if (outcome === outcomeCode.sold && !accounts.has(history.buyer(attempt))) {
      evidence.add(() => `${attemptLine(history, attempt)} has no row`);
    }
    return;
  }
  if (outcome !== outcomeCode.sold && outcome !== outcomeCode.unknown) {
    evidence.add(() => `${attemptLine(history, attempt)} has ${rowLine(purchases, plan.products, first)}`);
    return;
  }
  const bought = tally(purchases, rows.of(attempt), orders, history.order(attempt));
  if (bought === "all") return;
  evidence.add(
    () => `${attemptLine(history, attempt)} has ${bought} of its order: ${shown(purchases, plan, rows.of(attempt))}`,
  );
}

/** Every row belongs to an attempt that was made, and to the buyer who made it. */
function judgeOwner({ run, purchases, rows, evidence }: Books, row: number): void {
  const { history, plan } = run;
  if (rows.tied(row)) {
    const buyer = history.buyer(purchases.attempt(row));
    if (buyer === purchases.buyer(row)) return;
    evidence.add(() => `${rowLine(purchases, plan.products, row)} is for a purchase that ${buyerName(buyer)} made`);
  } else if (!purchases.unkeyed.has(row)) {
    evidence.add(() => `${rowLine(purchases, plan.products, row)} is for a purchase that nobody made`);
  }
}

function judgeAccount({ run, purchases, orders, evidence }: Books, account: Account): void {
  const strange = account.rows.some((row) => purchases.product(row) < 0);
  if (!strange && balances(account, purchases, orders)) return;
  const { buyer, rows, owed, open } = account;
  const told = `told "sold" ${count(owed.length, "time")}, unanswered ${count(open.length, "time")}`;
  evidence.add(() => `${buyerName(buyer)}, ${told}, has ${shown(purchases, run.plan, rows)}`);
}

/** The first few of several rows. */
function shown(purchases: Purchases, { products }: Plan, rows: readonly number[]): string {
  const lines = rows.slice(0, MOST_SHOWN).map((row) => rowLine(purchases, products, row));
  return `${lines.join(", ")}${rows.length > MOST_SHOWN ? ", …" : ""}`;
}
