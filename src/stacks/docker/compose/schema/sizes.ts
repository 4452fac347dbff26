import { parsed } from "./spelling.ts";

const SIZE = /^(\d+(?:\.\d+)?) ?([kmgtp]?)(i?b)?$/i;
const POWERS = "kmgtp";

/** Bytes of `512m`, `1.5gb` or a number; k, m, g, … count in steps of 1024. */
function parseSize(text: string): number | undefined {
  const [, amount, unit = "", suffix = ""] = SIZE.exec(text) ?? [];
  if (amount === undefined || (unit === "" && suffix.length === 2)) return undefined;
  return Math.floor(Number(amount) * 1024 ** (POWERS.indexOf(unit.toLowerCase() || " ") + 1));
}

/** Read into bytes. */
export function size() {
  return parsed('a size such as "512m" or "1gb"', (value) => {
    const bytes = typeof value === "string" || typeof value === "number" ? parseSize(String(value)) : undefined;
    return bytes !== undefined && bytes > 0 ? bytes : undefined;
  });
}
