import * as z from "zod";
import { basketSchema } from "./basket.ts";
import { duration, mapping, oneOf, positiveNumber, wholeNumber } from "./spelling.ts";

export const MOST_BUYERS = 10_000_000;
export const MOST_SPAWNED = 1_000_000;
export const LARGEST_SEED = 4_294_967_295;

export const loadSchema = mapping({
  buyers: wholeNumber(1, MOST_BUYERS).describe("How many buyers. With `run_time`: how many buy at the same time."),
  quantity: wholeNumber(1, 1_000_000).prefault(1).describe("Units that each buyer asks for."),
  basket: basketSchema.optional(),
  retry: mapping({
    pause: duration()
      .prefault("100ms")
      .describe("How long a buyer waits before he comes back; a random half of it is left out."),
    within: duration().prefault("10s").describe("How long after the first try he may still come back."),
  })
    .optional()
    .describe(
      "A buyer who was told `busy` or `refused`, or who found no connection, comes back under the same name and with a new key, until he is told anything else. Without it nobody comes back.",
    ),
  spawn_rate: positiveNumber(MOST_SPAWNED)
    .optional()
    .describe("Buyers that begin each second. Without it all begin at once, on connections that are already open."),
  run_time: duration()
    .optional()
    .describe("Keep buying for so long: who has an answer begins again. Without it each buyer buys once."),
  timeout: duration().prefault("10s").describe("An attempt without an answer after this is given up as `unknown`."),
  buyers_repeat: z
    .boolean({ error: "true or false" })
    .prefault(false)
    .describe(
      "With `run_time`: true when a buyer comes back under the same name, false when each attempt is a new buyer.",
    ),
  order: oneOf(["random", "in_turn"])
    .prefault("random")
    .describe("With several products: each buyer takes one at random (drawn with `seed`), or they are taken in turn."),
}).describe("Who buys, and when.");

export type LoadSpec = z.output<typeof loadSchema>;
