import { Illegible } from "./frames.ts";

/** Longer words and replies are cut: a token or a counter is far shorter. */
export const LONGEST_TEXT = 1024;

const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
/** No number in a header is longer. */
const MOST_DIGITS = 15;

/** The text of bytes from..to, which are the beginning of so many. */
export function textOf(bytes: Buffer, from: number, to: number, length: number): string {
  const text = bytes.toString("utf8", from, to);
  return to - from === length ? text : `${text}… (${String(length)} bytes)`;
}

/**
 * The whole number that bytes from..to spell.
 * @throws Illegible
 */
export function countIn(bytes: Buffer, from: number, to: number): number {
  const negative = bytes[from] === MINUS;
  const first = negative ? from + 1 : from;
  if (first >= to || to - first > MOST_DIGITS) throw notANumber(bytes, from, to);
  let value = 0;
  for (let at = first; at < to; at += 1) {
    const digit = bytes[at] ?? 0;
    if (digit < ZERO || digit > NINE) throw notANumber(bytes, from, to);
    value = value * 10 + digit - ZERO;
  }
  return negative ? -value : value;
}

function notANumber(bytes: Buffer, from: number, to: number): Illegible {
  const found = JSON.stringify(bytes.toString("latin1", from, Math.min(to, from + 20)));
  return new Illegible(`expected a number, found ${found}`);
}
