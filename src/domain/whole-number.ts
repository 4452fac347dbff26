const ZERO = "0".charCodeAt(0);
/** Fits an Int32Array. */
const MOST_DIGITS = 9;

/**
 * The whole number that a text spells out from a place to its end, or -1. Only
 * the one usual spelling counts, so that the number can stand for the text.
 *
 * Reads the digits in place: for each of a million rows, cutting the text up
 * would cost more than reading it.
 */
export function wholeNumber(text: string, from: number): number {
  const digits = text.length - from;
  const padded = digits > 1 && text.charCodeAt(from) === ZERO;
  if (digits < 1 || digits > MOST_DIGITS || padded) return -1;
  let value = 0;
  for (let at = from; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
