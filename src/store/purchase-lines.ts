import * as z from "zod";
import { messageOf } from "../domain/errors.ts";
import type { PurchaseRow } from "../domain/purchases.ts";
import { type Damage, excerpt } from "./damage.ts";

// JSON has no NaN: a quantity that the shop stored as no number is kept as a word,
// so that judging again sees what the first judgement saw.
const NUMBER = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number)]);

const ROW = z.object({
  id: z.string(),
  buyer: z.string(),
  product: z.string(),
  quantity: NUMBER,
  key: z.string().optional(),
  remaining: NUMBER.optional(),
  fencingToken: NUMBER.optional(),
});

/** A row as one line of NDJSON, with its newline. */
export function purchaseLine(row: PurchaseRow): string {
  const { id, buyer, product, quantity, key, remaining, fencingToken } = row;
  const line = {
    id,
    buyer,
    product,
    quantity: speakable(quantity),
    key,
    remaining: speakable(remaining),
    fencingToken: speakable(fencingToken),
  };
  return `${JSON.stringify(line)}\n`;
}

function speakable(value: number | undefined): number | string | undefined {
  return value === undefined || Number.isFinite(value) ? value : String(value);
}

/** Reads rows back. A line that is no purchase row is damage and is left out. */
export class PurchaseReader {
  readonly rows: PurchaseRow[] = [];
  readonly #file: string;
  readonly #damage: Damage;
  #lineNumber = 0;

  constructor(file: string, damage: Damage) {
    this.#file = file;
    this.#damage = damage;
  }

  /** Takes the next chunk of whole lines. */
  take(chunk: Buffer): void {
    const lines = chunk.toString("utf8").split("\n");
    if (lines.at(-1) === "") lines.pop();
    for (const line of lines) {
      this.#lineNumber += 1;
      this.#line(line);
    }
  }

  #line(line: string): void {
    try {
      this.rows.push(ROW.parse(JSON.parse(line)));
    } catch (error) {
      const place = `${this.#file}:${String(this.#lineNumber)}`;
      this.#damage.add(`${place}: expected a purchase row, found ${excerpt(line)} (${mistake(error)})`);
    }
  }
}

function mistake(error: unknown): string {
  if (!(error instanceof z.ZodError)) return messageOf(error);
  return error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
}
