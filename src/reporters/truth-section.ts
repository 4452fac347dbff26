import type { ProductTruth, TruthSummary } from "../domain/record.ts";
import { figure, NOTHING, plural } from "./figure.ts";
import { drawGrid } from "./grid.ts";
import type { Palette } from "./palette.ts";
import { wrap } from "./width.ts";

const MOST_PRODUCTS = 12;
const MOST_SOURCES = 3;

/** What was really there after the dust had settled, for each product; products whose witnesses disagree come first. */
export function truthSection(truth: TruthSummary, width: number, paint: Palette): string {
  if (truth.products.length === 0) return "";
  const ordered = [...truth.products].sort((a, b) => Number(agrees(a)) - Number(agrees(b)));
  const shown = ordered.slice(0, MOST_PRODUCTS);
  const hidden = ordered.length - shown.length;
  const more = hidden === 0 ? [] : wrap(`… and ${plural(hidden, "more product")}, ${allAgree(ordered)}`, width);
  const title = wrap(`truth, ${settling(truth)}`, width).map(paint.title);
  return [...title, drawGrid(grid(shown), width), ...more].join("\n");
}

function settling(truth: TruthSummary): string {
  const after = `${figure(truth.settledAfterMs)} ms after the last answer`;
  return truth.settled ? `settled ${after}` : `NOT settled ${after}`;
}

function grid(products: readonly ProductTruth[]): { head: string[]; rows: string[][]; right: number[] } {
  const sources = [...new Set(products.flatMap((product) => Object.keys(product.stock)))];
  const separate = sources.length <= MOST_SOURCES;
  return {
    head: ["product", "initial", "sold", "rows", ...(separate ? sources.map((name) => `left: ${name}`) : ["left"])],
    rows: products.map((product) => [
      product.product,
      figure(product.initial),
      figure(product.sold),
      figure(product.rows),
      ...(separate ? sources.map((name) => left(product, name)) : [allLeft(product)]),
    ]),
    right: separate ? [1, 2, 3, ...sources.map((_, at) => at + 4)] : [1, 2, 3],
  };
}

function left(product: ProductTruth, source: string): string {
  const units = product.stock[source];
  if (units === undefined) return NOTHING;
  return units === null ? "unreadable" : figure(units);
}

function allLeft(product: ProductTruth): string {
  return Object.keys(product.stock)
    .map((source) => `${source} ${left(product, source)}`)
    .join(", ");
}

function agrees(product: ProductTruth): boolean {
  const expected = product.sold === null ? Object.values(product.stock)[0] : product.initial - product.sold;
  return Object.values(product.stock).every((units) => units === expected);
}

function allAgree(products: readonly ProductTruth[]): string {
  return products.slice(MOST_PRODUCTS).every(agrees) ? "whose witnesses agree" : "some of whose witnesses disagree";
}
