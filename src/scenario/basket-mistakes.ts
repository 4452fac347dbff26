import { placeholders } from "../domain/template.ts";
import type { Mistakes } from "../host/yaml/mistakes.ts";
import { isMapping, type Path } from "../host/yaml/path.ts";
import { didYouMean } from "../host/suggest.ts";
import type { ReadSections } from "./cross-mistakes.ts";
import { productPlans } from "./products.ts";
import type { BasketSpec } from "./schema/basket.ts";
import type { ReadTarget } from "./target-mistakes.ts";

const BODY: Path = ["target", "purchase", "body"];
const ALONE = '"${items}" alone as a value of a structured body';

/** What is wrong with orders of several products, and with the request that is to say them. */
export function findBasketMistakes({ purchase }: ReadTarget, read: ReadSections, mistakes: Mistakes): void {
  if (purchase !== undefined) findMisplacedItems(purchase, mistakes);
  const basket = read.load?.basket;
  if (basket === undefined) return;
  findContentMistakes(basket, read, mistakes);
  if (purchase === undefined) return;
  const single = "since an order of several products has more than one (${items} in the body names all)";
  for (const { text, path } of [
    ...textsIn(purchase.path, "path"),
    ...textsIn(purchase.headers, "headers"),
    ...textsIn(purchase.body, "body"),
  ]) {
    for (const name of placeholders(text).filter((used) => used === "product" || used === "quantity")) {
      mistakes.expected(path, `no \${${name}} here, ${single}`, JSON.stringify(text));
    }
  }
  if (!placeholders(purchase.body).includes("items")) {
    mistakes.expected(BODY, '"${items}" in it, since orders hold several products', "none");
  }
}

function findContentMistakes(basket: BasketSpec, { products, load }: ReadSections, mistakes: Mistakes): void {
  const home: Path = ["load", "basket"];
  if (load?.order === "in_turn") mistakes.expected(["load", "order"], "random, since baskets are drawn", "in_turn");
  if (basket.items !== undefined && load !== undefined && load.quantity !== 1) {
    const own = "no quantity, since every item of the basket has its own";
    mistakes.expected(["load", "quantity"], own, String(load.quantity));
  }
  if (products === undefined) return;
  const ids = productPlans(products).map(({ id }) => id);
  const most = basket.products?.[1] ?? 0;
  if (most > ids.length) {
    mistakes.expected([...home, "products"], `at most the ${String(ids.length)} products for sale`, String(most));
  }
  const items = (basket.items ?? []).map(({ product }) => product);
  for (const [place, product] of items.entries()) {
    const path = [...home, "items", place, "product"];
    if (!ids.includes(product)) {
      mistakes.expected(path, "the id of a product for sale", `"${product}"${didYouMean(product, ids)}`);
    } else if (items.indexOf(product) !== place) {
      mistakes.expected(path, "each product once, with its quantity", `"${product}" again`);
    }
  }
}

/** A list cannot stand inside a text, in a key, or within its own lines. */
function findMisplacedItems(purchase: NonNullable<ReadTarget["purchase"]>, mistakes: Mistakes): void {
  const { path, headers, body, items } = purchase;
  const structured = typeof body !== "string";
  for (const found of [
    ...textsIn(path, "path"),
    ...textsIn(headers, "headers"),
    ...textsIn(items, "items"),
    ...textsIn(body, "body").filter(({ text, isKey }) => isKey || !structured || text !== "${items}"),
  ]) {
    if (placeholders(found.text).includes("items")) mistakes.expected(found.path, ALONE, JSON.stringify(found.text));
  }
}

interface Text {
  readonly text: string;
  readonly path: Path;
  readonly isKey: boolean;
}

/** Every text of a part of the request, its keys among them. */
function textsIn(value: unknown, ...steps: Path): Text[] {
  const path = ["target", "purchase", ...steps];
  if (typeof value === "string") return [{ text: value, path, isKey: false }];
  if (Array.isArray(value)) return value.flatMap((item: unknown, place) => textsIn(item, ...steps, place));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    { text: key, path: [...path, key], isKey: true },
    ...textsIn(item, ...steps, key),
  ]);
}
