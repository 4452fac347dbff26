import { type LuaToken, NotRead } from "./tokens.ts";
import type { Block, Expression, TableField } from "./tree.ts";

/** How tightly each operator binds on its left and on its right. */
const BINDING: Readonly<Record<string, readonly [number, number]>> = {
  or: [1, 1],
  and: [2, 2],
  "<": [3, 3],
  ">": [3, 3],
  "<=": [3, 3],
  ">=": [3, 3],
  "~=": [3, 3],
  "==": [3, 3],
  "..": [5, 4],
  "+": [6, 6],
  "-": [6, 6],
  "*": [7, 7],
  "/": [7, 7],
  "%": [7, 7],
  "^": [10, 9],
};
const UNARY = 8;
const CONSTANTS: ReadonlyMap<string, null | boolean> = new Map([
  ["nil", null],
  ["true", true],
  ["false", false],
]);

/** Reads expressions from the words of a Lua text. Statements are read by whoever builds on it. */
export abstract class ExpressionReader {
  readonly #tokens: readonly LuaToken[];
  #place = 0;

  constructor(tokens: readonly LuaToken[]) {
    this.#tokens = tokens;
  }

  protected abstract block(): Block;

  protected get next(): LuaToken {
    const token = this.#tokens[this.#place];
    if (token === undefined) throw new NotRead("ends too early");
    return token;
  }

  protected sees(text: string): boolean {
    const { kind, text: found } = this.next;
    return found === text && (kind === "symbol" || kind === "keyword");
  }

  protected accept(text: string): boolean {
    const here = this.sees(text);
    if (here) this.#place += 1;
    return here;
  }

  protected expect(text: string): void {
    if (!this.accept(text)) throw new NotRead(`has "${this.next.text}" where "${text}" should be`);
  }

  protected take(): LuaToken {
    const token = this.next;
    this.#place += 1;
    return token;
  }

  protected name(): string {
    const { kind, text } = this.take();
    if (kind !== "name") throw new NotRead(`has "${text}" where a name should be`);
    return text;
  }

  protected list(): Expression[] {
    const found = [this.expression()];
    while (this.accept(",")) found.push(this.expression());
    return found;
  }

  protected expression(least = 0): Expression {
    let left = this.#operand();
    for (;;) {
      const { kind, text: operator } = this.next;
      const binding = kind === "symbol" || kind === "keyword" ? BINDING[operator] : undefined;
      if (binding === undefined || binding[0] <= least) return left;
      this.take();
      left = { is: "binary", operator, left, right: this.expression(binding[1]) };
    }
  }

  protected parameters(): readonly string[] {
    this.expect("(");
    const names: string[] = [];
    while (!this.accept(")")) {
      names.push(this.accept("...") ? "..." : this.name());
      if (!this.sees(")")) this.expect(",");
    }
    return names;
  }

  protected functionBody(at: number): Expression {
    const parameters = this.parameters();
    const body = this.block();
    this.expect("end");
    return { is: "function", parameters, body, at };
  }

  /** A name or an expression in parentheses, and all the indices and calls that follow it. */
  protected suffixed(): Expression {
    let found: Expression;
    if (this.accept("(")) {
      found = this.expression();
      this.expect(")");
    } else found = { is: "name", name: this.name() };
    for (;;) {
      const after = this.#suffix(found);
      if (after === undefined) return found;
      found = after;
    }
  }

  #suffix(of: Expression): Expression | undefined {
    const { kind, at } = this.next;
    if (this.accept(".")) return { is: "index", of, key: { is: "constant", value: this.name() } };
    if (this.accept("[")) {
      const key = this.expression();
      this.expect("]");
      return { is: "index", of, key };
    }
    const method = this.accept(":") ? this.name() : null;
    if (method === null && kind !== "string" && !this.sees("(") && !this.sees("{")) return undefined;
    return { is: "call", callee: of, method, args: this.#arguments(), at };
  }

  #arguments(): Expression[] {
    if (!this.accept("(")) return [this.#operand()];
    if (this.accept(")")) return [];
    const found = this.list();
    this.expect(")");
    return found;
  }

  #operand(): Expression {
    const { kind, text, at } = this.next;
    if (kind === "string" || kind === "number") {
      this.take();
      return { is: "constant", value: kind === "number" ? Number(text) : text };
    }
    const constant = kind === "keyword" ? CONSTANTS.get(text) : undefined;
    if (constant !== undefined) {
      this.take();
      return { is: "constant", value: constant };
    }
    if (this.accept("...")) return { is: "rest" };
    if (this.accept("function")) return this.functionBody(at);
    if (this.accept("{")) return this.#table();
    for (const operator of ["not", "-", "#"])
      if (this.accept(operator)) return { is: "unary", operator, operand: this.expression(UNARY) };
    return this.suffixed();
  }

  #table(): Expression {
    const fields: TableField[] = [];
    while (!this.accept("}")) {
      fields.push(this.#field());
      if (!this.accept(",") && !this.accept(";") && !this.sees("}")) throw new NotRead("has a table that does not end");
    }
    return { is: "table", fields };
  }

  #field(): TableField {
    if (this.accept("[")) {
      const key = this.expression();
      this.expect("]");
      this.expect("=");
      return { key, value: this.expression() };
    }
    const value = this.expression();
    if (value.is !== "name" || !this.accept("=")) return { key: null, value };
    return { key: { is: "constant", value: value.name }, value: this.expression() };
  }
}
