import type { Mistake } from "../../../host/yaml/mistake.ts";
import { interpolate, type Lookup } from "./interpolate.ts";

/** null is a key alone: it takes the value of the variable of that name from the surroundings. */
type Variables = Readonly<Record<string, string | null>>;

export interface EnvFile {
  readonly variables: Variables;
  readonly mistakes: readonly Mistake[];
  /** What to tell about variables that are not set. */
  readonly warnings: readonly Mistake[];
}

interface Entry {
  readonly key: string;
  readonly value: string | null;
  /** False between single quotes. */
  readonly interpolated: boolean;
}

const SPACE = String.raw`[^\S\n]*`;
const SINGLE = String.raw`'(?<single>(?:[^'\\]|\\.)*)'`;
const DOUBLE = String.raw`"(?<double>(?:[^"\\]|\\.)*)"`;
const BARE = String.raw`(?<bare>(?![^\S\n]|['"])[^\n]*)`;
const VALUE = `(?:[=:]${SPACE}(?:${SINGLE}|${DOUBLE}|${BARE}))?`;
const COMMENT = String.raw`(?:[^\S\n]+#[^\n]*)?`;
const END = String.raw`(?:\n|$)`;
/** `[export ]KEY[=value]`, where a value in quotes may go over several lines. */
const ENTRY = new RegExp(
  `${SPACE}(?:export[^\\S\\n]+)?(?<key>[A-Za-z_][\\w.-]*)${SPACE}${VALUE}${COMMENT}${SPACE}${END}`,
  "sy",
);
const NOTHING = new RegExp(`${SPACE}(?:#[^\\n]*)?${END}`, "y");
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", $: "$$" };

/**
 * Reads a file of variables. Values may use those before them, and `lookup`, which wins. Nothing is
 * replaced between single quotes; between double ones `\n`, `\r`, `\t`, `\"`, `\\` and `\$` are escapes.
 */
export function parseEnvFile(file: string, content: string, lookup: Lookup): EnvFile {
  const text = content.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const variables = new Map<string, string | null>();
  const mistakes: Mistake[] = [];
  const warnings: Mistake[] = [];
  const known: Lookup = (name) => lookup(name) ?? variables.get(name) ?? undefined;
  for (let place = 0; place < text.length;) {
    const { entry, end } = entryAt(text, place);
    const line = lineOf(text, place);
    place = end;
    if (entry === null) continue;
    const at = (message: string): Mistake => ({ file, line, column: 1, message });
    if (entry === undefined) {
      mistakes.push(at("expected an entry such as KEY=value, with every quote closed, found something else"));
    } else if (entry.value === null || !entry.interpolated) {
      variables.set(entry.key, entry.value);
    } else {
      const result = interpolate(entry.value, known);
      for (const { expected, found } of result.mistakes) {
        mistakes.push(at(`${entry.key}: expected ${expected}, found ${found}`));
      }
      for (const name of result.unset) {
        warnings.push(at(`${entry.key}: ${name} is not set, an empty text stands in for it`));
      }
      variables.set(entry.key, result.text);
    }
  }
  return { variables: Object.fromEntries(variables), mistakes, warnings };
}

/** The entry that begins here: null for an empty line or a comment, undefined for what is none. */
function entryAt(text: string, place: number): { readonly entry: Entry | null | undefined; readonly end: number } {
  NOTHING.lastIndex = place;
  if (NOTHING.test(text)) return { entry: null, end: NOTHING.lastIndex };
  ENTRY.lastIndex = place;
  const { key, single, double, bare } = ENTRY.exec(text)?.groups ?? {};
  if (key === undefined) {
    const newline = text.indexOf("\n", place);
    return { entry: undefined, end: newline < 0 ? text.length : newline + 1 };
  }
  const value =
    single?.replaceAll("\\'", "'") ?? unescape(double) ?? bare?.replace(/(^|\s)#.*$/s, "").trimEnd() ?? null;
  return { entry: { key, value, interpolated: single === undefined }, end: ENTRY.lastIndex };
}

function unescape(quoted: string | undefined): string | undefined {
  return quoted?.replace(/\\(.)/gs, (whole, letter: string) => ESCAPES[letter] ?? whole);
}

function lineOf(text: string, place: number): number {
  return text.slice(0, place).split("\n").length;
}
