import * as z from "zod";
import { expectation } from "../../../../host/yaml/issues.ts";
import { isMapping } from "../../../../host/yaml/path.ts";

/*
 * How values are spelled in a Compose file. Every message completes the
 * sentence "expected …". A variable always gives a text, so numbers and truth
 * values may be written as texts too.
 */

/** @param read gives undefined for what it does not take */
export function parsed<Value>(what: string, read: (value: unknown) => Value | undefined) {
  return z.unknown().transform((value, context): Value => {
    const result = read(value);
    if (result !== undefined) return result;
    context.issues.push({ code: "custom", message: what, input: value });
    return z.NEVER;
  });
}

export function text(what = "a text") {
  return z.string({ error: what }).min(1, { error: what });
}

/** @param what completes "expected …" for a text of another shape */
export function textLike(pattern: RegExp, what: string) {
  return z.string({ error: what }).regex(pattern, { error: what });
}

/** A text that YAML may have read as a number or a truth value: `PORT: 8080`. */
export function scalarText(what = "a text or a number") {
  return z.union([z.string(), z.number(), z.boolean()], { error: what }).transform(String);
}

export function flag() {
  return parsed("true or false", (value) => {
    if (typeof value === "boolean") return value;
    return value === "true" ? true : value === "false" ? false : undefined;
  });
}

export function wholeNumber(from: number, to: number) {
  return parsed(`a whole number from ${String(from)} to ${String(to)}`, (value) => {
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    return typeof number === "number" && Number.isInteger(number) && number >= from && number <= to
      ? number
      : undefined;
  });
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `one of ${values.join(", ")}` });
}

export function listOf<Entry extends z.ZodType>(entry: Entry, what: string) {
  return z.array(entry, { error: what });
}

/** A mapping that takes these keys, extensions (`x-…`), and no others. */
export function mapping<Shape extends z.ZodRawShape>(shape: Shape) {
  const strict = z.strictObject(shape, {
    // Whoever reports the mistake splits this list again to find the key that was meant.
    error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(", ") : "a mapping"),
  });
  return z.preprocess((value) => (isMapping(value) ? withoutExtensions(value) : value), strict);
}

function withoutExtensions(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith("x-")));
}

interface Forms<Value> {
  /** Takes numbers too. */
  readonly text?: z.ZodType<Value>;
  readonly list?: z.ZodType<Value>;
  readonly mapping?: z.ZodType<Value>;
}

/**
 * A value that may be spelled in several forms. The form that it has decides
 * what is wrong with it, where a union would only say that none fits.
 */
export function oneForm<Value>(what: string, forms: Forms<Value>) {
  return z.unknown().transform((value, context): Value => {
    const form = formOf(value, forms);
    if (form === undefined) {
      context.issues.push({ code: "custom", message: what, input: value });
      return z.NEVER;
    }
    const result = z.safeParse(form, value, { error: expectation });
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      context.issues.push({ ...issue, path: [...issue.path], input: value } as z.core.$ZodRawIssue);
    }
    return z.NEVER;
  });
}

function formOf<Value>(value: unknown, forms: Forms<Value>): z.ZodType<Value> | undefined {
  if (typeof value === "string" || typeof value === "number") return forms.text;
  if (Array.isArray(value)) return forms.list;
  return isMapping(value) ? forms.mapping : undefined;
}
