import * as z from "zod";

const A_PRODUCT_ID = "a product id of letters, digits and _ . : -";

/** Read into a text, since YAML reads `id: 1` as a number. */
export const productId = z
  .union(
    [z.string().regex(/^[\w.:-]{1,100}$/, { error: A_PRODUCT_ID }), z.int().nonnegative({ error: A_PRODUCT_ID })],
    { error: A_PRODUCT_ID },
  )
  .transform(String);
