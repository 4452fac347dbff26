import { type Way, waysOf } from "./lua/script.ts";
import { luaTree } from "./lua/statements.ts";
import { NotRead, luaTokens } from "./lua/tokens.ts";
import { plain } from "./lua/values.ts";
import type { Given } from "./lua/values.ts";
import type { Assumption } from "./lua/state.ts";

/** What a script takes for options of SET, however it comes by them. */
const OPTIONS = /^(nx|xx|px|ex|pxat|exat|keepttl|get|ifeq|ifne)$/i;

/** Reads one script, once for each kind of call: as many KEYS, as many ARGV, the same of them spelled in it. */
export class ScriptWays {
  readonly #text: string;
  readonly #literals: ReadonlySet<string>;
  readonly #known = new Map<string, readonly Way[] | string>();

  constructor(text: string) {
    this.#text = text;
    this.#literals = literalsIn(text);
  }

  /** The ways that this call may have taken, whatever it found; or why these cannot be told. */
  of(given: Given): readonly Way[] | string {
    const { keys, args } = given;
    const known = args.flatMap((arg, at) => (this.#spells(arg) ? [[at + 1, arg] as const] : []));
    const shape = JSON.stringify([keys.length, args.length, known]);
    let ways = this.#known.get(shape);
    if (ways === undefined) {
      ways = this.#read(keys.length, args.length, new Map(known));
      this.#known.set(shape, ways);
    }
    return typeof ways === "string" ? ways : ways.filter(({ assumed }) => agree(assumed, given));
  }

  #spells(arg: string): boolean {
    return this.#literals.has(arg) || OPTIONS.test(arg);
  }

  #read(keys: number, args: number, known: ReadonlyMap<number, string>): readonly Way[] | string {
    try {
      return waysOf(luaTree(this.#text), { keys, args, known, literals: this.#literals });
    } catch (error) {
      if (error instanceof NotRead) return error.message;
      throw error;
    }
  }
}

function literalsIn(text: string): ReadonlySet<string> {
  try {
    return new Set(luaTokens(text).flatMap(({ kind, text: literal }) => (kind === "string" ? [literal] : [])));
  } catch (error) {
    if (error instanceof NotRead) return new Set();
    throw error;
  }
}

/** False for a way that a script takes only with other KEYS and ARGV. */
function agree(assumed: ReadonlyMap<string, Assumption>, given: Given): boolean {
  return [...assumed.values()].every((assumption) => {
    const told = toldBy(assumption, given);
    return told === undefined || told === assumption.holds;
  });
}

function toldBy({ operator, left, right }: Assumption, given: Given): boolean | undefined {
  const [one, other] = [plain(left, given), plain(right, given)];
  if (one === undefined) return undefined;
  if (operator === "true") return one !== null;
  if (other === undefined) return undefined;
  if (operator === "==") return one === other;
  if (typeof one === "number" && typeof other === "number") return operator === "<" ? one < other : one <= other;
  return typeof one === "string" && typeof other === "string" && operator === "<" ? one < other : undefined;
}
