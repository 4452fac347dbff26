import { parsed } from "./spelling.ts";

const MS_PER: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const PART = String.raw`(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w)`;
const DURATION = new RegExp(`^(?:${PART})+$`);

/** Milliseconds of `500ms`, `1.5s` or `1m30s`, to the nanosecond; undefined for anything else. */
function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!DURATION.test(text)) return undefined;
  const parts = [...text.matchAll(new RegExp(PART, "g"))];
  const ms = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (MS_PER[unit ?? ""] ?? Number.NaN), 0);
  return Math.round(ms * 1e6) / 1e6;
}

/** Read into milliseconds. */
export function duration() {
  return parsed('a duration such as "500ms", "1.5s" or "1m30s"', (value) =>
    typeof value === "string" ? parseDuration(value) : undefined,
  );
}
