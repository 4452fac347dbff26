import { NotRead } from "./tokens.ts";
import { ANYTHING, NIL, type Value, derivedFrom, number, text } from "./values.ts";

/** Functions that may hide what a script does. */
const HIDING = new Set(
  "pcall xpcall load loadstring setfenv getfenv setmetatable coroutine rawset dofile require".split(" "),
);
const KINDS: Partial<Record<Value["is"], string>> = {
  nil: "nil",
  boolean: "boolean",
  number: "number",
  text: "string",
  given: "string",
  found: "string",
  table: "table",
  status: "table",
  list: "table",
};
/** Patterns that match nothing but digits. */
const DIGITS = /^\^?\(?%d\+\)?\$?$/;

/** What a function of Lua gives that neither sends a command nor changes a table. */
export function libraryValue(name: string, args: readonly Value[]): Value {
  if (HIDING.has(name.split(".")[0] ?? "")) throw new NotRead(`uses ${name}`);
  if (args.some(({ is }) => is === "function")) throw new NotRead(`hands a function to ${name}`);
  const [one = NIL, other] = args;
  switch (name) {
    case "tonumber":
      return other === undefined ? toNumber(one) : derivedFrom(args);
    case "tostring":
      return toText(one);
    case "type":
      return KINDS[one.is] === undefined ? ANYTHING : text(KINDS[one.is] ?? "");
    case "ipairs":
    case "pairs":
      return { is: "made", by: "pairs", of: [one] };
    case "string.match":
      return other?.is === "text" && DIGITS.test(other.value) ? { is: "digits" } : derivedFrom(args);
    case "string.format":
      return formatted(args);
    case "table.concat":
      return one.is === "table" && Object.keys(one.named).length === 0
        ? joined(one.items, other ?? text(""))
        : ANYTHING;
    case "math.floor":
    case "math.ceil":
      return { is: "made", by: name.slice("math.".length), of: [one] };
    case "redis.error_reply":
      return { is: "table", items: [], named: { err: one } };
    case "redis.status_reply":
      return { is: "table", items: [], named: { ok: one } };
    default:
      return derivedFrom(args);
  }
}

/** Two values put together to one text. */
export function joined(values: readonly Value[], between: Value): Value {
  const of: Value[] = [];
  for (const value of values) {
    if (of.length > 0 && !(between.is === "text" && between.value === "")) of.push(between);
    of.push(value);
  }
  if (of.every(({ is }) => is === "text" || is === "number")) {
    return text(of.map((part) => (part.is === "text" || part.is === "number" ? String(part.value) : "")).join(""));
  }
  return { is: "made", by: "..", of };
}

function toNumber(value: Value): Value {
  if (value.is === "number" || value.is === "between") return value;
  if (value.is === "text")
    return value.value.trim() === "" || Number.isNaN(Number(value.value)) ? NIL : number(Number(value.value));
  if (value.is === "given" || value.is === "made") return { is: "made", by: "tonumber", of: [value] };
  return value.is === "nil" || value.is === "boolean" ? NIL : derivedFrom([value]);
}

function toText(value: Value): Value {
  if (value.is === "text" || value.is === "given" || value.is === "found") return value;
  if (value.is === "number") return text(String(value.value));
  if (value.is === "boolean") return text(String(value.value));
  return value.is === "made" ? { is: "made", by: "tostring", of: [value] } : derivedFrom([value]);
}

/** `string.format`, where it only puts texts and whole numbers into places. */
function formatted([pattern, ...args]: readonly Value[]): Value {
  if (pattern?.is !== "text" || /%[^sdi%]/.test(pattern.value)) return derivedFrom(args);
  const rest = [...args];
  const of = pattern.value
    .split(/(%[sdi%])/)
    .filter((part) => part !== "")
    .map((part) => (part === "%%" ? text("%") : /^%[sdi]$/.test(part) ? (rest.shift() ?? ANYTHING) : text(part)));
  return joined(of, text(""));
}
