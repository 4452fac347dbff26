import type { ProductPlan } from "../../domain/plan.ts";
import type { StockReading } from "../../domain/truth.ts";

/**
 * A hint for shops that keep their stock on one node of several: witnesses that
 * still say what was seeded, of every product, beside one that says what is left.
 * @param left units that the rows leave, by product
 * @returns an empty text where that is not how it looks
 */
export function untouchedHint(
  products: readonly ProductPlan[],
  readings: readonly StockReading[],
  left: readonly number[],
): string {
  const seeded = products.map(({ stock }) => stock);
  if (seeded.every((units, product) => units === left[product])) return "";
  const sources = [...new Set(readings.map(({ source }) => source))];
  const agree = (source: string, expected: readonly number[]): boolean =>
    readings.every((reading) => reading.source !== source || reading.units === expected[reading.product]);
  const untouched = sources.filter((source) => agree(source, seeded));
  if (untouched.length === 0 || !sources.some((source) => agree(source, left))) return "";
  const says = untouched.length === 1 ? "says" : "say";
  return `; ${untouched.join(", ")} ${says} what was seeded, as if nobody wrote there: a shop that keeps its stock on one node, as with \`fifo\`, needs stack: { redis: 1 }`;
}
