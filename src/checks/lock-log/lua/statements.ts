import { ExpressionReader } from "./expressions.ts";
import { luaTokens, NotRead } from "./tokens.ts";
import type { Block, Expression, Statement } from "./tree.ts";

/**
 * Reads a Lua 5.1 text, as scripts of Redis are.
 * @throws NotRead where it is none
 */
export function luaTree(text: string): Block {
  return new StatementReader(luaTokens(text)).all();
}

const ONE: Expression = { is: "constant", value: 1 };

class StatementReader extends ExpressionReader {
  all(): Block {
    const body = this.block();
    if (this.next.kind !== "end") throw new NotRead(`has "${this.next.text}" where a statement should be`);
    return body;
  }

  protected override block(): Block {
    const found: Statement[] = [];
    for (;;) {
      if (this.accept(";")) continue;
      if (this.next.kind === "end" || ["end", "else", "elseif", "until"].some((word) => this.sees(word))) return found;
      found.push(this.#statement());
    }
  }

  #statement(): Statement {
    const { at } = this.next;
    if (this.accept("local")) return this.#local(at);
    if (this.accept("if")) return this.#if();
    if (this.accept("for")) return this.#for(at);
    if (this.accept("while")) {
      const condition = this.expression();
      return { is: "loop", condition, body: this.#body(), atLeastOnce: false };
    }
    if (this.accept("repeat")) {
      const body = this.block();
      this.expect("until");
      return { is: "loop", condition: this.expression(), body, atLeastOnce: true };
    }
    if (this.sees("do")) return { is: "block", body: this.#body() };
    if (this.accept("break")) return { is: "break" };
    if (this.accept("return")) {
      const ends = this.next.kind === "end" || ["end", "else", "elseif", "until", ";"].some((word) => this.sees(word));
      return { is: "return", values: ends ? [] : this.list() };
    }
    if (this.accept("function")) {
      const target = this.suffixedName();
      return { is: "assignment", targets: [target], values: [this.functionBody(at)] };
    }
    return this.#assignmentOrCall();
  }

  /** The name of a function: `a.b`, without its parameters. */
  suffixedName(): Expression {
    let found: Expression = { is: "name", name: this.name() };
    while (this.accept(".")) found = { is: "index", of: found, key: { is: "constant", value: this.name() } };
    return found;
  }

  #assignmentOrCall(): Statement {
    const first = this.suffixed();
    if (first.is === "call" && !this.sees("=") && !this.sees(",")) return { is: "expression", call: first };
    const targets = [first];
    while (this.accept(",")) targets.push(this.suffixed());
    this.expect("=");
    return { is: "assignment", targets, values: this.list() };
  }

  #local(at: number): Statement {
    if (this.accept("function")) {
      const name = this.name();
      return { is: "local", names: [name], values: [this.functionBody(at)], at };
    }
    const names = this.#names();
    return { is: "local", names, values: this.accept("=") ? this.list() : [], at };
  }

  #names(): string[] {
    const names = [this.name()];
    while (this.accept(",")) names.push(this.name());
    return names;
  }

  #if(): Statement {
    const branches: { condition: Expression; body: Block }[] = [];
    do {
      const condition = this.expression();
      this.expect("then");
      branches.push({ condition, body: this.block() });
    } while (this.accept("elseif"));
    const otherwise = this.accept("else") ? this.block() : [];
    this.expect("end");
    return { is: "if", branches, otherwise };
  }

  #for(at: number): Statement {
    const names = this.#names();
    if (this.accept("in")) {
      const [of = ONE] = this.list();
      return { is: "each", names, of, body: this.#body(), at };
    }
    this.expect("=");
    const [from = ONE, to = ONE, step = ONE] = this.list();
    return { is: "count", name: names[0] ?? "", from, to, step, body: this.#body(), at };
  }

  #body(): Block {
    this.expect("do");
    const body = this.block();
    this.expect("end");
    return body;
  }
}
