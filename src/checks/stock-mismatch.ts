import type { ProductPlan } from "../domain/plan.ts";
import type { Purchases } from "../domain/purchases.ts";
import type { StockReading, Truth } from "../domain/truth.ts";
import type { Case, Check, Ruling } from "./check.ts";
import { Evidence } from "./evidence.ts";
import { untouchedHint } from "./stock-mismatch/untouched.ts";
import { judgeSettled, judgeUnits } from "./witnesses.ts";
import { count } from "./wording.ts";

const EXPECTED = "initial − rows at every witness";

/** What every witness of the stock says is left is what the purchase rows have left. */
export const stockMismatch: Check = {
  name: "stock_mismatch",
  kind: "correctness",
  applies: () => true,
  judge: (run) => judgeSettled(run, EXPECTED, (truth) => judgeWitnesses(run, truth)),
};

function judgeWitnesses(run: Case, truth: Truth): Ruling {
  if (truth.stock.length === 0) return inconclusive("no readings", "no probe has read any stock");
  if (truth.purchases === null) return judgeAgreement(run, truth);
  return judgeUnits(run, EXPECTED, (purchases) => judgeReadings(run, truth, purchases));
}

function judgeReadings({ plan }: Case, truth: Truth, purchases: Purchases): Ruling {
  const evidence = new Evidence();
  const left = plan.products.map(({ stock }, product) => stock - purchases.units(product));
  for (const { source, product, reading } of pairs(plan.products, truth.stock)) {
    if (reading !== undefined && reading.units === left[product]) continue;
    const stock = plan.products[product]?.stock ?? 0;
    const sums = `${String(stock)} − ${String(stock - (left[product] ?? 0))} in rows = ${String(left[product])}`;
    evidence.add(() => `${said(source, plan.products[product], reading)}, expected ${sums}`);
  }
  const hint = untouchedHint(plan.products, truth.stock, left);
  if (evidence.found > 0) return mismatch(evidence, `initial − rows is not what these witnesses say${hint}`);
  if (purchases.length === 0) return inconclusive("unchanged", "no row was written, so no witness had to follow");
  const detail = `${count(truth.stock.length, "reading")} of ${count(plan.products.length, "product")} agree with the rows`;
  return { verdict: "pass", expected: EXPECTED, actual: "all agree", detail };
}

/** Without rows nobody knows what should be left; but witnesses that contradict each other cannot both be right. */
function judgeAgreement({ plan }: Case, truth: Truth): Ruling {
  const evidence = new Evidence();
  const first = new Map<number, StockReading>();
  for (const { source, product, reading } of pairs(plan.products, truth.stock)) {
    const earlier = first.get(product) ?? reading;
    if (earlier !== undefined) first.set(product, earlier);
    if (typeof reading?.units === "number" && reading.units === earlier?.units) continue;
    evidence.add(
      () =>
        `${said(source, plan.products[product], reading)}, ${earlier?.source ?? "nobody"} says "${earlier?.said ?? ""}"`,
    );
  }
  if (evidence.found > 0) return mismatch(evidence, "the witnesses contradict each other or cannot be read");
  return inconclusive("no purchase rows", "the witnesses agree, but no probe reads what was sold");
}

interface Pair {
  readonly source: string;
  readonly product: number;
  /** undefined when this witness said nothing at all about the product. */
  readonly reading: StockReading | undefined;
}

/** Every witness is asked about every product, whether it spoke or not. */
function pairs(products: readonly ProductPlan[], readings: readonly StockReading[]): Pair[] {
  const spoken = new Map(readings.map((reading) => [`${String(reading.product)} ${reading.source}`, reading]));
  const sources = [...new Set(readings.map(({ source }) => source))];
  return products.flatMap((_, product) =>
    sources.map((source) => ({ source, product, reading: spoken.get(`${String(product)} ${source}`) })),
  );
}

function said(source: string, product: ProductPlan | undefined, reading: StockReading | undefined): string {
  const about = `${source}, product "${product?.id ?? "?"}"`;
  return reading === undefined ? `${about}: said nothing` : `${about}: said "${reading.said}"`;
}

function mismatch(evidence: Evidence, detail: string): Ruling {
  const actual = count(evidence.found, "mismatch", "mismatches");
  return { verdict: "fail", expected: EXPECTED, actual, detail, evidence: evidence.lines };
}

function inconclusive(actual: string, detail: string): Ruling {
  return { verdict: "inconclusive", expected: EXPECTED, actual, detail };
}
