import * as z from "zod";

/*
 * How values are spelled in a scenario. Every message here completes the
 * sentence "expected …": the reader adds the place and what was found.
 */

const MS_PER = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const DURATION = /^(\d+(?:\.\d+)?) ?(ms|s|m|h)$/;
const LONGEST_MS = 24 * MS_PER.h;
const A_DURATION = 'a duration such as "500ms", "10s" or "2m", above zero and at most "24h"';

/** Milliseconds of `"500ms"`, `"10s"`, `"2m"` or `"1h"`; undefined for anything else, for zero and beyond a day. */
function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text.trim());
  const unit = match?.[2] as keyof typeof MS_PER | undefined;
  if (match === null || unit === undefined) return undefined;
  const ms = Number(match[1]) * MS_PER[unit];
  return ms > 0 && ms <= LONGEST_MS ? ms : undefined;
}

/** Read into milliseconds. */
export function duration() {
  return z
    .string({ error: A_DURATION })
    .regex(DURATION, { error: A_DURATION, abort: true })
    .refine((text) => parseDuration(text) !== undefined, { error: A_DURATION })
    .transform((text) => parseDuration(text) ?? 0);
}

const PERCENT = /^(\d+(?:\.\d+)?) ?%$/;
const A_PERCENTAGE = 'a percentage such as "99%", at most "100%"';

/** Read into a share, 0..1. */
export function percentage() {
  return z
    .string({ error: A_PERCENTAGE })
    .regex(PERCENT, { error: A_PERCENTAGE, abort: true })
    .refine((text) => shareOf(text) <= 1, { error: A_PERCENTAGE })
    .transform(shareOf);
}

function shareOf(text: string): number {
  return Number(PERCENT.exec(text)?.[1] ?? Number.NaN) / 100;
}

export function wholeNumber(from: number, to: number, error = `a whole number from ${String(from)} to ${String(to)}`) {
  return z.int({ error }).min(from, { error }).max(to, { error });
}

export function positiveNumber(to: number) {
  const error = `a number above 0 and at most ${String(to)}`;
  return z.number({ error }).positive({ error }).max(to, { error });
}

/** @param what completes "expected …" */
export function text(what = "a text") {
  return z.string({ error: what }).min(1, { error: what });
}

/** A text that YAML may have read as a number or a truth value: `PORT: 8080`. Read into a string. */
export function scalarText(what = "a text or a number") {
  return z.union([z.string(), z.number(), z.boolean()], { error: what }).transform(String);
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `one of ${values.join(", ")}` });
}

/** @param what completes "expected …" for an entry-less list */
export function listOf<Entry extends z.ZodType>(entry: Entry, what: string) {
  return z.array(entry, { error: what }).min(1, { error: what });
}

/** The path of an HTTP request. */
export function httpPath() {
  const error = 'a path such as "/purchases", beginning with "/" and without spaces';
  return z.string({ error }).regex(/^\/[^\s#]*$/, { error });
}

/** A mapping that takes these keys and no others. */
export function mapping<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    // The reader splits this list again to find the key that was meant.
    error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(", ") : "a mapping"),
  });
}

/** A mapping that takes exactly one of the `kinds`, such as `redis:` or `sqlite:`, beside the `common` keys. */
export function oneKind<Kinds extends z.ZodRawShape, Common extends z.ZodRawShape>(kinds: Kinds, common: Common) {
  const names = Object.keys(kinds);
  return mapping({ ...kinds, ...common })
    .refine((value) => names.filter((name) => name in value).length === 1, {
      error: `exactly one of ${names.join(", ")}`,
    })
    .meta({ oneOf: names.map((name) => ({ required: [name] })) });
}
