import * as z from "zod";
import { listOf, mapping, oneKind, wholeNumber } from "./spelling.ts";
import { productId } from "./product-id.ts";

/** What the bundled shop takes at once. */
const MOST_LINES = 50;

const A_SPAN = `a number of products from 1 to ${String(MOST_LINES)}, or two of them such as [2, 3]`;
const size = () => wholeNumber(1, MOST_LINES, A_SPAN);

/** Read into the least and the greatest number of products. */
const span = z
  .union([size(), z.tuple([size(), size()], { error: A_SPAN })], { error: A_SPAN })
  .transform((spelling): readonly [number, number] => (typeof spelling === "number" ? [spelling, spelling] : spelling))
  .refine(([least, most]) => least <= most, { error: A_SPAN });

export const basketSchema = oneKind(
  {
    products: span.optional().describe("So many different products in each basket, drawn with `seed`."),
    items: listOf(
      mapping({
        product: productId.describe("The id of one of `products`."),
        quantity: wholeNumber(1, 1_000_000).prefault(1).describe("Units of it."),
      }),
      "a list of {product, quantity}",
    )
      .max(MOST_LINES, { error: `a list of at most ${String(MOST_LINES)}` })
      .optional()
      .describe("What is in every basket."),
  },
  {},
).describe("Each buyer orders several products at once, all or nothing, named in an order of his own.");

export type BasketSpec = z.output<typeof basketSchema>;
