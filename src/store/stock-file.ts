import * as z from "zod";
import { messageOf } from "../domain/errors.ts";
import type { StockReading } from "../domain/truth.ts";
import type { Damage } from "./damage.ts";

const READINGS = z.array(
  z.object({ source: z.string(), product: z.int(), units: z.number().nullable(), said: z.string() }),
);

export function stockFileText(readings: readonly StockReading[]): string {
  return `${JSON.stringify(readings, null, 2)}\n`;
}

/** The readings in a stock file; none, and a line of damage, when it is not readable. */
export function parseStockFile(text: string, file: string, damage: Damage): readonly StockReading[] {
  try {
    return READINGS.parse(JSON.parse(text));
  } catch (error) {
    damage.add(`${file}: expected stock readings, found ${messageOf(error).replaceAll(/\s+/g, " ")}`);
    return [];
  }
}
