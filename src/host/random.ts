import { randomBytes, randomInt } from "node:crypto";

/** Randomness that need not be repeated: names, free ports, the seed of a run that was given none. */
export interface Chance {
  /** Hexadecimal digits, two for each byte. */
  hex(bytes: number): string;
  /** A whole number from `from` up to, but not including, `to`. */
  between(from: number, to: number): number;
}

export function systemChance(): Chance {
  return { hex: (bytes) => randomBytes(bytes).toString("hex"), between: (from, to) => randomInt(from, to) };
}
