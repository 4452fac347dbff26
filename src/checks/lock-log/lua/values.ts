/** What is known of a value in a script before its KEYS and ARGV are. */
export type Value =
  | { readonly is: "nil" }
  | { readonly is: "boolean"; readonly value: boolean }
  | { readonly is: "number"; readonly value: number }
  | { readonly is: "text"; readonly value: string }
  /** `KEYS[place]` or `ARGV[place]`, counted from 1: a text. */
  | { readonly is: "given"; readonly list: "KEYS" | "ARGV"; readonly place: number }
  /** All of KEYS or ARGV. */
  | { readonly is: "list"; readonly list: "KEYS" | "ARGV" }
  /** What GET found in a key that was there, and how often the script had changed something by then. */
  | { readonly is: "found"; readonly key: Value; readonly changes: number }
  /** What a command answers with a word such as OK. */
  | { readonly is: "status"; readonly text: string }
  /** A whole number between two others, of which it may be neither. */
  | { readonly is: "between"; readonly below: number; readonly above: number }
  /** Digits without a sign, or nothing. */
  | { readonly is: "digits" }
  /** Put together of other values by an operator or a function of Lua. */
  | { readonly is: "made"; readonly by: string; readonly of: readonly Value[] }
  | { readonly is: "table"; readonly items: readonly Value[]; readonly named: Readonly<Record<string, Value>> }
  /** Several values at once, as `unpack` gives them. */
  | { readonly is: "several"; readonly values: readonly Value[] }
  | { readonly is: "function"; readonly at: number }
  | { readonly is: "library"; readonly name: string }
  | { readonly is: "anything" }
  /** Worked out, nobody knows how, of what these keys held. */
  | { readonly is: "derived"; readonly keys: readonly Value[] };

export const NIL: Value = { is: "nil" };
export const ANYTHING: Value = { is: "anything" };
export const YES: Value = { is: "boolean", value: true };
export const NO: Value = { is: "boolean", value: false };

export function text(value: string): Value {
  return { is: "text", value };
}

export function number(value: number): Value {
  return { is: "number", value };
}

/** The keys whose contents are part of some values. */
export function keysWithin(values: readonly Value[]): readonly Value[] {
  return values.flatMap((value) => {
    if (value.is === "found") return [value.key];
    if (value.is === "derived") return value.keys;
    if (value.is === "made") return keysWithin(value.of);
    return value.is === "table" ? keysWithin([...value.items, ...Object.values(value.named)]) : [];
  });
}

/** What comes of values in a way that is not followed. */
export function derivedFrom(values: readonly Value[]): Value {
  const keys = keysWithin(values);
  return keys.length === 0 ? ANYTHING : { is: "derived", keys };
}

/** What KEYS and ARGV are in one call of a script. */
export interface Given {
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

type Plain = string | number | null;

/** The text or number that a value is in one call; null for nil, undefined where it cannot be worked out. */
export function plain(value: Value, given: Given): Plain | undefined {
  switch (value.is) {
    case "nil":
      return null;
    case "number":
    case "text":
      return value.value;
    case "given":
      return (value.list === "KEYS" ? given.keys : given.args)[value.place - 1] ?? null;
    case "made":
      return made(
        value.by,
        value.of.map((part) => plain(part, given)),
      );
    default:
      return undefined;
  }
}

function made(by: string, of: readonly (Plain | undefined)[]): Plain | undefined {
  const [one, other] = of;
  if (of.some((part) => part === undefined) || one === undefined) return undefined;
  if (by === "..") return of.map(asText).join("");
  if (by === "tostring") return asText(one);
  const first = asNumber(one);
  if (by === "tonumber") return first;
  const second = asNumber(other);
  if (first === null) return undefined;
  if (by === "floor") return Math.floor(first);
  if (by === "ceil") return Math.ceil(first);
  return second === null ? undefined : calculated(by, first, second);
}

/** undefined for an operator that does not calculate. */
export function calculated(operator: string, one: number, other: number): number | undefined {
  if (operator === "+") return one + other;
  if (operator === "-") return one - other;
  if (operator === "*") return one * other;
  if (operator === "/") return one / other;
  if (operator === "%") return one - Math.floor(one / other) * other;
  return operator === "^" ? one ** other : undefined;
}

/** The parts of a text in one call, one after the other; undefined for those that cannot be worked out. */
export function parts(value: Value, given: Given): readonly (string | undefined)[] {
  if (value.is === "made" && value.by === "..") return value.of.flatMap((part) => parts(part, given));
  const known = plain(value, given);
  return [known === undefined || known === null ? undefined : asText(known)];
}

function asText(value: Plain | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

function asNumber(value: Plain | undefined): number | null {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : null;
}
