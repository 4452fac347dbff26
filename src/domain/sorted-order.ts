/** Below this many keys a comparison sort is faster than counting 65,536 digits four times. */
const WORTH_COUNTING = 4096;
const DIGIT_BITS = 16;
const DIGITS = 1 << DIGIT_BITS;
/** Which half of a float64 holds its low bits on this machine. */
const LOW_WORD = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;
const SIGN = 0x80000000;
const ALL = 0xffffffff;
/** −0 + 0 is 0, and every other number stays what it is. */
const NO_MINUS_ZERO = 0;

/**
 * The places of the keys in ascending order; equal keys keep their order.
 * Keys must be finite. Large inputs are sorted by their bits, four digits of 16
 * (LSD radix sort, Knuth TAOCP 3, 5.2.5): a million stamps take a fraction of
 * what a comparison function takes.
 */
export function sortedOrder(keys: Float64Array): Uint32Array {
  const places = new Uint32Array(keys.length);
  for (let place = 0; place < places.length; place += 1) places[place] = place;
  return sortPlaces(places, keys);
}

/**
 * Some places in the order of the keys that stand there; equal keys keep their order.
 * @param places is used up: the result may be this array or another
 */
export function sortPlaces(places: Uint32Array, keys: Float64Array): Uint32Array {
  if (places.length >= WORTH_COUNTING) return byDigits(keys, places);
  return places.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
}

function byDigits(keys: Float64Array, places: Uint32Array): Uint32Array {
  const words = orderedBits(keys);
  let order = places;
  let spare: Uint32Array = new Uint32Array(places.length);
  for (let pass = 0; pass < 4; pass += 1) {
    const word = pass < 2 ? LOW_WORD : 1 - LOW_WORD;
    if (distribute(words, word, (pass % 2) * DIGIT_BITS, order, spare)) [order, spare] = [spare, order];
  }
  return order;
}

/** Bits that, read as whole numbers, ascend with the keys. Those of floats above zero do so as they are. */
function orderedBits(keys: Float64Array): Uint32Array {
  let least = Number.POSITIVE_INFINITY;
  for (const key of keys) least = Math.min(least, key);
  if (least > 0) return new Uint32Array(keys.buffer, keys.byteOffset, 2 * keys.length);
  const words = new Uint32Array(keys.map((key) => key + NO_MINUS_ZERO).buffer);
  for (let at = 0; at < words.length; at += 2) flip(words, at + LOW_WORD, at + 1 - LOW_WORD);
  return words;
}

/** Negative floats descend with their bits, so all of these are turned over; of the others, only the sign. */
function flip(words: Uint32Array, low: number, high: number): void {
  const negative = ((words[high] ?? 0) & SIGN) !== 0;
  words[high] = (words[high] ?? 0) ^ (negative ? ALL : SIGN);
  words[low] = (words[low] ?? 0) ^ (negative ? ALL : 0);
}

/** One stable pass by one digit; false when all keys share that digit and nothing had to move. */
function distribute(words: Uint32Array, word: number, shift: number, from: Uint32Array, to: Uint32Array): boolean {
  const starts = digitStarts(words, word, shift, from);
  if (starts === undefined) return false;
  for (const place of from) {
    const digit = ((words[2 * place + word] ?? 0) >>> shift) & (DIGITS - 1);
    const target = starts[digit] ?? 0;
    to[target] = place;
    starts[digit] = target + 1;
  }
  return true;
}

function digitStarts(words: Uint32Array, word: number, shift: number, places: Uint32Array): Uint32Array | undefined {
  const counts = new Uint32Array(DIGITS);
  for (const place of places) {
    const digit = ((words[2 * place + word] ?? 0) >>> shift) & (DIGITS - 1);
    counts[digit] = (counts[digit] ?? 0) + 1;
  }
  if (counts.includes(places.length)) return undefined;
  let start = 0;
  for (let digit = 0; digit < DIGITS; digit += 1) {
    const count = counts[digit] ?? 0;
    counts[digit] = start;
    start += count;
  }
  return counts;
}
