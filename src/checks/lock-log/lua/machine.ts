import type { CallShape } from "./call-shape.ts";
import { type Ways, perform } from "./commands.ts";
import { equal, less, truth } from "./judgements.ts";
import { joined, libraryValue } from "./library.ts";
import type { State } from "./state.ts";
import { elementsOf, indexed, lengthOf, refilled } from "./tables.ts";
import { NotRead } from "./tokens.ts";
import type { Block, Expression } from "./tree.ts";
import { ANYTHING, NIL, NO, type Value, YES, calculated, derivedFrom, number, text } from "./values.ts";

/** Which place a name stands for; the same text always has the same places. */
export type Scope = ReadonlyMap<string, string>;

interface LuaFunction {
  readonly parameters: readonly string[];
  readonly body: Block;
  readonly scope: Scope;
}

const MOST_STEPS = 50_000;

/** Works out expressions on every way on which a script may come to them. */
export abstract class Machine {
  protected readonly shape: CallShape;
  readonly #functions = new Map<number, LuaFunction>();
  readonly #running = new Set<number>();
  #steps = 0;

  constructor(shape: CallShape) {
    this.shape = shape;
  }

  protected abstract run(body: Block, scope: Scope, states: readonly State[]): readonly State[];

  protected step(): void {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) throw new NotRead("has too many ways to go");
  }

  /** All values of a list; of the last one all that it gives. */
  protected values(list: readonly Expression[], scope: Scope, state: State): Ways<readonly Value[]> {
    let ways: Ways<readonly Value[]> = [[state, []]];
    list.forEach((expression, place) => {
      ways = ways.flatMap(([before, values]) =>
        this.value(expression, scope, before, place === list.length - 1).map(([after, value]) => {
          const more = value.is === "several" ? value.values : [value];
          return [after, [...values, ...more]] as const;
        }),
      );
    });
    return ways;
  }

  protected value(expression: Expression, scope: Scope, state: State, all = false): Ways<Value> {
    this.step();
    if (state.done !== null) return [[state, NIL]];
    if (all) return this.#value(expression, scope, state);
    return this.#value(expression, scope, state).map(([after, value]) => [
      after,
      value.is === "several" ? (value.values[0] ?? NIL) : value,
    ]);
  }

  #value(expression: Expression, scope: Scope, state: State): Ways<Value> {
    switch (expression.is) {
      case "constant":
        return [[state, constant(expression.value)]];
      case "name":
        return [[state, this.#named(expression.name, scope, state)]];
      case "rest":
        throw new NotRead("takes a number of arguments that is left open");
      case "function":
        this.#functions.set(expression.at, { ...expression, scope });
        return [[state, { is: "function", at: expression.at }]];
      case "index":
        return this.values([expression.of, expression.key], scope, state).map(([after, [of = NIL, key = NIL]]) => [
          after,
          indexed(of, key, this.shape),
        ]);
      case "table":
        return this.#table(expression, scope, state);
      case "unary":
        return this.value(expression.operand, scope, state).flatMap(([after, value]) =>
          this.#unary(expression.operator, value, after),
        );
      case "binary":
        return this.#binary(expression, scope, state);
      case "call":
        return this.#call(expression, scope, state);
    }
  }

  #named(name: string, scope: Scope, { locals }: State): Value {
    const place = scope.get(name);
    if (place !== undefined) return locals.get(place) ?? NIL;
    return name === "KEYS" || name === "ARGV" ? { is: "list", list: name } : { is: "library", name };
  }

  #table({ fields }: Expression & { is: "table" }, scope: Scope, state: State): Ways<Value> {
    const listed = fields.filter(({ key }) => key === null);
    const named = fields.filter(({ key }) => key !== null);
    const list = [...named, ...listed].map(({ value }) => value);
    return this.values(list, scope, state).map(([after, values]) => {
      const entries = named.map(({ key }, place): [string, Value] => {
        if (key?.is !== "constant" || typeof key.value !== "string")
          throw new NotRead("has a table with computed names");
        return [key.value, values[place] ?? NIL];
      });
      return [after, { is: "table", items: values.slice(named.length), named: Object.fromEntries(entries) }];
    });
  }

  #unary(operator: string, value: Value, state: State): Ways<Value> {
    if (operator === "not") return truth(value, state).map(([after, holds]) => [after, holds ? NO : YES]);
    if (operator === "#") return [[state, lengthOf(value, this.shape)]];
    return [[state, arithmetic("-", number(0), value)]];
  }

  #binary(expression: Expression & { is: "binary" }, scope: Scope, state: State): Ways<Value> {
    const { operator, left, right } = expression;
    if (operator === "and" || operator === "or") {
      return this.value(left, scope, state).flatMap(([before, value]) =>
        truth(value, before).flatMap(([after, holds]) =>
          holds === (operator === "and") ? this.value(right, scope, after) : [[after, value] as const],
        ),
      );
    }
    return this.values([left, right], scope, state).flatMap(([after, [one = NIL, other = NIL]]) =>
      this.#combined(operator, one, other, after),
    );
  }

  #combined(operator: string, one: Value, other: Value, state: State): Ways<Value> {
    const { literals } = this.shape;
    const told = (forks: Ways<boolean>, wanted = true): Ways<Value> =>
      forks.map(([after, holds]) => [after, holds === wanted ? YES : NO]);
    if (operator === "==") return told(equal(one, other, state, literals));
    if (operator === "~=") return told(equal(one, other, state, literals), false);
    if (operator === "<" || operator === "<=") return told(less(operator, one, other, state));
    if (operator === ">" || operator === ">=") return told(less(operator === ">" ? "<" : "<=", other, one, state));
    return [[state, operator === ".." ? joined([one, other], text("")) : arithmetic(operator, one, other)]];
  }

  #call({ callee, method, args }: Expression & { is: "call" }, scope: Scope, state: State): Ways<Value> {
    return this.values([callee, ...args], scope, state).flatMap(([after, [called = NIL, ...given]]) => {
      if (after.done !== null) return [[after, NIL] as const];
      if (method !== null) {
        if (called.is === "table" || called.is === "library") throw new NotRead(`calls a method ${method}`);
        return [[after, libraryValue(`string.${method}`, [called, ...given])] as const];
      }
      if (called.is === "function") return this.#applied(called.at, given, after);
      if (called.is !== "library") throw new NotRead("calls something that cannot be told");
      return this.#library(called.name, given, args, scope, after);
    });
  }

  #applied(at: number, given: readonly Value[], state: State): Ways<Value> {
    const called = this.#functions.get(at);
    if (called === undefined || this.#running.has(at)) throw new NotRead("has a function that calls itself");
    const inner = new Map(called.scope);
    const locals = new Map(state.locals);
    called.parameters.forEach((name, place) => {
      inner.set(name, `${name}@${String(at)}`);
      locals.set(`${name}@${String(at)}`, given[place] ?? NIL);
    });
    this.#running.add(at);
    const ends = this.run(called.body, inner, [{ ...state, locals }]);
    this.#running.delete(at);
    return ends.map((end) => {
      const left = new Map(end.locals);
      for (const name of called.parameters) left.delete(`${name}@${String(at)}`);
      const after = { ...end, locals: left };
      return end.done?.as === "return" ? [{ ...after, done: null }, end.done.value] : [after, NIL];
    });
  }

  #library(
    name: string,
    given: readonly Value[],
    args: readonly Expression[],
    scope: Scope,
    state: State,
  ): Ways<Value> {
    if (name === "redis.call" || name === "redis.pcall") {
      const [command = NIL, ...words] = given;
      return perform(command.is === "text" ? command.value.toUpperCase() : "?", words, state);
    }
    if (name === "unpack" || name === "table.unpack")
      return [[state, given.length === 1 ? elementsOf(given[0] ?? NIL, this.shape) : ANYTHING]];
    if (name === "error") return [[{ ...state, done: { as: "error" } }, NIL]];
    if (name === "assert") {
      return truth(given[0] ?? NIL, state).map(([after, holds]) =>
        holds ? [after, given[0] ?? NIL] : [{ ...after, done: { as: "error" } }, NIL],
      );
    }
    if (/^table\.(insert|remove|sort)$/.test(name)) return [[this.#filled(name, given, args, scope, state), ANYTHING]];
    return [[state, libraryValue(name, given)]];
  }

  /** A table in a variable after something was put into it; any other is no longer known. */
  #filled(name: string, given: readonly Value[], args: readonly Expression[], scope: Scope, state: State): State {
    const [target] = args;
    const place = target?.is === "name" ? scope.get(target.name) : undefined;
    if (place === undefined) throw new NotRead(`changes by ${name} what is no local table`);
    return { ...state, locals: new Map(state.locals).set(place, refilled(name, given)) };
  }

  protected conditions(expression: Expression, scope: Scope, states: readonly State[]): Ways<boolean> {
    return states.flatMap((state) => {
      if (state.done !== null) return [[state, false] as const];
      return this.value(expression, scope, state).flatMap(([after, value]) =>
        after.done === null ? truth(value, after) : [[after, false] as const],
      );
    });
  }
}

function constant(value: null | boolean | number | string): Value {
  if (value === null) return NIL;
  if (typeof value === "boolean") return value ? YES : NO;
  return typeof value === "number" ? number(value) : text(value);
}

function arithmetic(operator: string, one: Value, other: Value): Value {
  if (one.is === "number" && other.is === "number") {
    return number(calculated(operator, one.value, other.value) ?? Number.NaN);
  }
  if ([one, other].some(({ is }) => ["anything", "between", "digits", "derived"].includes(is)))
    return derivedFrom([one, other]);
  return { is: "made", by: operator, of: [one, other] };
}
