const NS_PER_MS = 1e6;

/** "1 unit", "3 units", "2 buyers"; digits that say nothing are left out. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${number(amount)} ${amount === 1 ? one : many}`;
}

/** At most three digits after the point. */
export function number(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

export function percent(share: number): string {
  return `${String(Math.round(share * 10_000) / 100)} %`;
}

/** Nanoseconds as milliseconds, to the microsecond. */
export function milliseconds(ns: number): string {
  return `${number(ns / NS_PER_MS)} ms`;
}
