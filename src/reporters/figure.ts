/** What stands where there is no figure. */
export const NOTHING = "–";

/** Three significant digits for small numbers, whole ones with thousands apart for large. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NOTHING;
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 99.95) return grouped(Math.round(value));
  return value.toFixed(size < 9.995 ? 2 : 1);
}

/** A whole number with thousands apart. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Milliseconds with their unit. */
export function milliseconds(value: number | null): string {
  return value === null ? NOTHING : `${figure(value)} ms`;
}

export function perSecond(value: number | null): string {
  return value === null ? NOTHING : `${figure(value)}/s`;
}

/** "1 attempt", "3 attempts". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** The middle value; of an even number of values the mean of the two in the middle. NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
