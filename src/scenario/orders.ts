import type { Order } from "../domain/order.ts";
import type { LoadPlan } from "../domain/plan.ts";
import { seededRandom } from "../domain/random.ts";
import type { LoadSpec } from "./schema/load.ts";

/** Long enough that a repetition shapes nothing, short enough to be kept with each run. */
const LONGEST_TABLE = 4096;

interface Buying {
  readonly buyers: number;
  /** True when the number of attempts is not known beforehand. */
  readonly sustained: boolean;
  readonly products: number;
  readonly seed: number;
}

/** One order for each product, and the repeating table that says which attempt places which. */
export function ordersOf(load: LoadSpec, buying: Buying): Pick<LoadPlan, "orders" | "orderOf"> {
  const { buyers, sustained, products, seed } = buying;
  const orders: Order[] = Array.from({ length: products }, (_, product) => ({
    lines: [{ product, quantity: load.quantity }],
  }));
  if (products === 1 || load.order === "in_turn") return { orders, orderOf: orders.map((_, place) => place) };
  const random = seededRandom(seed);
  const length = sustained ? LONGEST_TABLE : Math.min(buyers, LONGEST_TABLE);
  return { orders, orderOf: Array.from({ length }, () => Math.floor(random() * products)) };
}
