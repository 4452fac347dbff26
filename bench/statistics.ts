/** The middle of the values; NaN without any. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** Median, spread and sample count in one line, such as `1.42 s (1.38–1.60, n=7)`. */
export function spread(values: readonly number[], unit: string): string {
  const digits = (value: number): string => value.toPrecision(3);
  const range = `${digits(Math.min(...values))}–${digits(Math.max(...values))}`;
  return `${digits(median(values))} ${unit} (${range}, n=${String(values.length)})`;
}

/** One line that says whether a goal was met, with the figure that decides. */
export function judgement(what: string, value: number, relation: "<=" | ">=", goal: number): string {
  const met = relation === "<=" ? value <= goal : value >= goal;
  return `${met ? "met   " : "MISSED"} ${what}: ${value.toPrecision(3)}, goal ${relation} ${String(goal)}`;
}
