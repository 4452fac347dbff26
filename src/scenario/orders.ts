import type { Order } from "../domain/order.ts";
import type { LoadPlan, ProductPlan } from "../domain/plan.ts";
import { seededRandom } from "../domain/random.ts";
import { type Baskets, basketsOf } from "./baskets.ts";
import type { LoadSpec } from "./schema/load.ts";

/** Long enough that a repetition shapes nothing, short enough to be kept with each run. */
const LONGEST_TABLE = 4096;

interface Buying {
  readonly buyers: number;
  /** True when the number of attempts is not known beforehand. */
  readonly sustained: boolean;
  readonly products: readonly ProductPlan[];
  readonly seed: number;
}

type Orders = Pick<LoadPlan, "orders" | "orderOf">;

/** The distinct orders, and the repeating table that says which attempt places which. */
export function ordersOf(load: LoadSpec, buying: Buying): Orders {
  const { buyers, sustained, products, seed } = buying;
  const length = sustained ? LONGEST_TABLE : Math.min(buyers, LONGEST_TABLE);
  if (load.basket !== undefined) return drawn(basketsOf(load.basket, load.quantity, products), length, seed);
  const orders: Order[] = products.map((_, product) => ({ lines: [{ product, quantity: load.quantity }] }));
  if (products.length === 1 || load.order === "in_turn") return { orders, orderOf: orders.map((_, place) => place) };
  const random = seededRandom(seed);
  return { orders, orderOf: Array.from({ length }, () => Math.floor(random() * products.length)) };
}

/** Baskets that are alike, line by line, are one order. */
function drawn(baskets: Baskets, length: number, seed: number): Orders {
  const random = seededRandom(seed);
  const orders: Order[] = [];
  const places = new Map<string, number>();
  const orderOf = Array.from({ length }, () => {
    const lines = baskets(random);
    const name = lines.map(({ product }) => product).join(" ");
    const place = places.get(name) ?? orders.push({ lines }) - 1;
    places.set(name, place);
    return place;
  });
  return { orders, orderOf };
}
