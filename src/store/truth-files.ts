import * as z from "zod";
import { messageOf } from "../domain/errors.ts";
import type { FaultRecord } from "../domain/fault.ts";
import type { LockReading, StockReading } from "../domain/truth.ts";
import type { Damage } from "./damage.ts";

const STOCK = z.array(
  z.object({ source: z.string(), product: z.int(), units: z.number().nullable(), said: z.string() }),
);
const LOCKS = z.array(
  z.object({ source: z.string(), product: z.int(), key: z.string(), holder: z.string(), pttlMs: z.number() }),
);
const FAULTS = z.array(
  z.object({
    fault: z.int(),
    injectedNs: z.number().nullable(),
    inForceNs: z.number().nullable().optional(),
    healedNs: z.number().nullable(),
    obstacle: z.string().optional(),
  }),
);

/** A file that holds one list, as JSON. */
export interface ListFile<Item> {
  write(items: readonly Item[]): string;
  /** None, and a line of damage, when it is not readable. */
  read(text: string, file: string, damage: Damage): readonly Item[];
}

export const stockFile: ListFile<StockReading> = listFile("stock readings", STOCK);
export const lockFile: ListFile<LockReading> = listFile("lock readings", LOCKS);

const storedFaults = listFile("fault records", FAULTS);

/** JSON knows no NaN: what never happened is null in the file. */
export const faultFile: ListFile<FaultRecord> = {
  write: (records) =>
    storedFaults.write(
      records.map(({ fault, injectedAt, inForceAt, healedAt, obstacle }) => ({
        fault,
        injectedNs: orNull(injectedAt),
        inForceNs: orNull(inForceAt),
        healedNs: orNull(healedAt),
        obstacle,
      })),
    ),
  read: (text, file, damage) =>
    storedFaults.read(text, file, damage).map(({ fault, injectedNs, inForceNs = injectedNs, healedNs, obstacle }) => ({
      fault,
      injectedAt: injectedNs ?? Number.NaN,
      inForceAt: inForceNs ?? Number.NaN,
      healedAt: healedNs ?? Number.NaN,
      obstacle,
    })),
};

function listFile<Item>(what: string, schema: z.ZodType<Item[]>): ListFile<Item> {
  return {
    write: (items) => `${JSON.stringify(items, null, 2)}\n`,
    read(text, file, damage) {
      try {
        return schema.parse(JSON.parse(text));
      } catch (error) {
        damage.add(`${file}: expected ${what}, found ${messageOf(error).replaceAll(/\s+/g, " ")}`);
        return [];
      }
    },
  };
}

function orNull(stamp: number): number | null {
  return Number.isNaN(stamp) ? null : stamp;
}
