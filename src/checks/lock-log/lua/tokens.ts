/** A word of a Lua text. */
export interface LuaToken {
  readonly kind: "name" | "keyword" | "string" | "number" | "symbol" | "end";
  /** Of a string its value, without quotes and escapes. */
  readonly text: string;
  /** Where it begins. */
  readonly at: number;
}

/** A script that is no Lua, or Lua that is not read here. */
export class NotRead extends Error {}

const KEYWORDS = new Set(
  "and break do else elseif end false for function if in local nil not or repeat return then true until while".split(
    " ",
  ),
);
const BLANK = /\s+|--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*/y;
const WORD = /[A-Za-z_]\w*/y;
const NUMBER = /0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const LONG = /\[(=*)\[\r?\n?([\s\S]*?)\]\1\]/y;
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'/y;
const SYMBOL = /\.\.\.|\.\.|[=~<>]=|[-+*/%^#<>=(){}[\];:,.]/y;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };

/** @throws NotRead where it is no Lua */
export function luaTokens(text: string): readonly LuaToken[] {
  const found: LuaToken[] = [];
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const blank = next(BLANK);
    if (blank !== null) {
      at += blank[0].length;
      continue;
    }
    const [token, length] = tokenAt(next, at);
    found.push(token);
    at += length;
  }
  return [...found, { kind: "end", text: "", at }];
}

function tokenAt(next: (pattern: RegExp) => RegExpExecArray | null, at: number): [LuaToken, number] {
  const word = next(WORD);
  if (word !== null) {
    const [text] = word;
    return [{ kind: KEYWORDS.has(text) ? "keyword" : "name", text, at }, text.length];
  }
  const number = next(NUMBER);
  if (number !== null) return [{ kind: "number", text: number[0], at }, number[0].length];
  const long = next(LONG);
  if (long !== null) return [{ kind: "string", text: long[2] ?? "", at }, long[0].length];
  const quoted = next(QUOTED);
  if (quoted !== null) return [{ kind: "string", text: unescaped(quoted[1] ?? quoted[2] ?? ""), at }, quoted[0].length];
  const symbol = next(SYMBOL);
  if (symbol !== null) return [{ kind: "symbol", text: symbol[0], at }, symbol[0].length];
  throw new NotRead("is no Lua that can be read");
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(\d{1,3}|[\s\S])/g, (_, what: string) =>
    /^\d/.test(what) ? String.fromCharCode(Number(what)) : (ESCAPES[what] ?? what),
  );
}
