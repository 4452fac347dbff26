import type { OrderLine } from "../domain/order.ts";
import type { ProductPlan } from "../domain/plan.ts";
import type { Random } from "../domain/random.ts";
import type { BasketSpec } from "./schema/basket.ts";

/** Draws the next basket. */
export type Baskets = (random: Random) => readonly OrderLine[];

/**
 * What a buyer puts into his basket, in a random order: a shop that takes its
 * locks in the order of the request is to be found out.
 * @param quantity units of each product that is drawn
 */
export function basketsOf(basket: BasketSpec, quantity: number, products: readonly ProductPlan[]): Baskets {
  if (basket.items !== undefined) {
    const lines = basket.items.map(({ product, quantity: units }) => ({
      product: products.findIndex(({ id }) => id === product),
      quantity: units,
    }));
    return (random) => firstOfShuffled(lines, lines.length, random);
  }
  const [least, most] = basket.products ?? [1, 1];
  const all = products.map((_, product) => ({ product, quantity }));
  return (random) => firstOfShuffled(all, least + Math.floor(random() * (most - least + 1)), random);
}

/** The first steps of a Fisher–Yates shuffle. */
function firstOfShuffled<Item>(items: readonly Item[], count: number, random: Random): Item[] {
  const left = [...items];
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
}
