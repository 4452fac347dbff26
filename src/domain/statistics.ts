/**
 * The value at a percentile by nearest rank: the smallest sample that at least
 * `percent` % of all samples do not exceed. Always a sample that was measured,
 * never an interpolation. NaN without samples.
 * @param sorted ascending
 * @param percent a whole number, 1..100
 */
export function percentile(sorted: Float64Array, percent: number): number {
  // Whole numbers are multiplied before the division: 0.07 * 100 is 7.000000000000001, a rank too far.
  const rank = Math.max(1, Math.ceil((percent * sorted.length) / 100));
  return sorted[rank - 1] ?? Number.NaN;
}

/**
 * The most intervals [start, end) that are open at once.
 * @param starts ascending
 * @param ends ascending, of the same intervals in whatever pairs; NaN, for those that never close, last
 */
export function peakOverlap(starts: Float64Array, ends: Float64Array): number {
  let closed = 0;
  let peak = 0;
  for (let opened = 1; opened <= starts.length; opened += 1) {
    const now = starts[opened - 1] ?? Number.NaN;
    while ((ends[closed] ?? Number.NaN) <= now) closed += 1;
    peak = Math.max(peak, opened - closed);
  }
  return peak;
}

/** How many of the sorted values are below `value`. */
export function countBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Number.NaN) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the sorted values are `value` or below. */
export function countUpTo(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  // Asked for a moment after all of them, as it mostly is, one look is enough.
  if ((sorted[high - 1] ?? Number.NaN) <= value) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Number.NaN) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
