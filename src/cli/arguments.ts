import { InvalidArgumentError } from "commander";

/** Parsers of option values: they throw commander's own error, which names the option. */

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError(`expected a whole number, found "${text}"`);
  return Number(text);
}

export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError(`expected a number of at least 1, found "0"`);
  return value;
}

/** Buyers per second: fractions are fine. */
export function rate(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0) {
    throw new InvalidArgumentError(`expected buyers per second, such as 50, found "${text}"`);
  }
  return value;
}

const MS = { ms: 1, s: 1000, m: 60_000 } as const;

/** A duration such as `500ms`, `10s` or `2m`, in ms. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  const value = match === null ? 0 : Number(match[1]) * MS[match[2] as keyof typeof MS];
  if (value <= 0) throw new InvalidArgumentError(`expected a duration such as 500ms, 10s or 2m, found "${text}"`);
  return value;
}

/** Names with commas between them. */
export function names(text: string): readonly string[] {
  const list = text.split(",").map((name) => name.trim());
  if (list.includes("")) throw new InvalidArgumentError(`expected names with commas between them, found "${text}"`);
  return [...new Set(list)];
}

export function port(text: string): number {
  const value = wholeNumber(text);
  if (value < 1 || value > 65_535) throw new InvalidArgumentError(`expected a port from 1 to 65535, found "${text}"`);
  return value;
}

/** Any path but none at all, which would be the folder one is in. */
export function folder(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError(`expected the path of a folder, found "${text}"`);
  return text;
}
