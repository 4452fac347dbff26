import type { CallShape } from "./call-shape.ts";
import { type Places, assignedIn, changedTable, placesOf, unbroken, withLocals, withoutLocals } from "./locals.ts";
import { Machine, type Scope } from "./machine.ts";
import { type Event, START, type State, merged } from "./state.ts";
import { elementsOf } from "./tables.ts";
import { NotRead } from "./tokens.ts";
import type { Block, Expression, Statement } from "./tree.ts";
import { ANYTHING, NIL, type Value, number } from "./values.ts";

/** One way on which a script may go, with what it does and what it answers. */
export interface Way {
  readonly events: readonly Event[];
  readonly assumed: State["assumed"];
  /** What it knew of keys in the end. */
  readonly looks: State["looks"];
  /** null: it broke off. */
  readonly answer: Value | null;
}

const MOST_TURNS = 512;

/**
 * All ways on which a script may go. It is not run: what it finds in Redis is left open.
 * @throws NotRead where that cannot be told
 */
export function waysOf(tree: Block, shape: CallShape): readonly Way[] {
  return new Script(tree, shape).ways();
}

class Script extends Machine {
  readonly #tree: Block;
  /** Names that are given another value anywhere. */
  readonly #assigned: ReadonlySet<string>;

  constructor(tree: Block, shape: CallShape) {
    super(shape);
    this.#tree = tree;
    this.#assigned = assignedIn(tree);
  }

  ways(): readonly Way[] {
    return this.run(this.#tree, new Map(), [START]).map(({ events, assumed, looks, done }) => {
      const answer = done?.as === "error" ? null : done?.as === "return" ? done.value : NIL;
      return { events, assumed, looks, answer };
    });
  }

  protected override run(body: Block, outer: Scope, states: readonly State[]): readonly State[] {
    let scope = outer;
    const declared: Places[number][] = [];
    let ways = states;
    for (const statement of body) {
      const names = statement.is === "local" ? placesOf(statement.names, statement.at) : [];
      const inner = new Map([...scope, ...names]);
      // A local function knows itself, any other value does not know its own name.
      const seen = statement.is === "local" && statement.values[0]?.is === "function" ? inner : scope;
      ways = merged(ways.flatMap((state) => (state.done === null ? this.#run(statement, seen, state) : [state])));
      scope = inner;
      declared.push(...names);
    }
    return ways.map((state) => withoutLocals(state, declared));
  }

  #run(statement: Statement, scope: Scope, state: State): readonly State[] {
    this.step();
    switch (statement.is) {
      case "local":
        return this.#given(placesOf(statement.names, statement.at), statement.values, scope, state);
      case "assignment":
        return this.#assigning(statement.targets, statement.values, scope, state);
      case "expression":
        return this.value(statement.call, scope, state).map(([after]) => after);
      case "block":
        return this.run(statement.body, scope, [state]);
      case "if":
        return this.#branch(statement, scope, state);
      case "count":
        return this.#count(statement, scope, state);
      case "each":
        return this.#each(statement, scope, state);
      case "loop":
        return this.#openLoop(statement.body, scope, state, { ...statement, names: [] });
      case "break":
        return [{ ...state, done: { as: "break" } }];
      case "return":
        return this.values(statement.values, scope, state).map(([after, [value = NIL]]) =>
          after.done === null ? { ...after, done: { as: "return", value } } : after,
        );
    }
  }

  #given(names: Places, values: readonly Expression[], scope: Scope, state: State): readonly State[] {
    return this.values(values, scope, state).map(([after, found]) => withLocals(after, names, found, NIL));
  }

  #assigning(targets: readonly Expression[], values: readonly Expression[], scope: Scope, state: State): State[] {
    return this.values(values, scope, state).flatMap(([before, found]) => {
      let ways: readonly State[] = [before];
      targets.forEach((target, at) => {
        ways = ways.flatMap((way) => this.#assign(target, found[at] ?? NIL, scope, way));
      });
      return [...ways];
    });
  }

  #assign(target: Expression, value: Value, scope: Scope, state: State): readonly State[] {
    const base = target.is === "index" ? target.of : target;
    const place = base.is === "name" ? scope.get(base.name) : undefined;
    if (place === undefined) throw new NotRead("assigns to what is no local name");
    const put = (after: State, what: Value): State => ({ ...after, locals: new Map(after.locals).set(place, what) });
    if (target.is !== "index") return [put(state, value)];
    return this.value(target.key, scope, state).map(([after, key]) =>
      put(after, changedTable(after.locals.get(place) ?? NIL, key, value)),
    );
  }

  #branch({ branches, otherwise }: Statement & { is: "if" }, scope: Scope, state: State): readonly State[] {
    const ends: State[] = [];
    let undecided: readonly State[] = [state];
    for (const { condition, body } of branches) {
      const forks = this.conditions(condition, scope, undecided);
      const inside = forks.filter(([, holds]) => holds).map(([way]) => way);
      undecided = forks.filter(([, holds]) => !holds).map(([way]) => way);
      if (inside.length > 0) ends.push(...this.run(body, scope, inside));
    }
    return [...ends, ...this.run(otherwise, scope, undecided)];
  }

  #count(statement: Statement & { is: "count" }, scope: Scope, state: State): readonly State[] {
    const { name, body, at } = statement;
    return this.values([statement.from, statement.to, statement.step], scope, state).flatMap(([before, bounds]) => {
      const [from, to, step] = bounds.map((bound) => (bound.is === "number" ? bound.value : Number.NaN));
      const turns = turnsOf(from, to, step)?.map((turn) => [number(turn)]);
      const names = placesOf([name], at);
      if (turns === undefined) return this.#openLoop(body, scope, before, { atLeastOnce: false, names });
      return this.#turns(names, turns, body, scope, before);
    });
  }

  #each(statement: Statement & { is: "each" }, scope: Scope, state: State): readonly State[] {
    const places = placesOf(statement.names, statement.at);
    return this.value(statement.of, scope, state).flatMap(([before, of]) => {
      const [list = NIL] = of.is === "made" && of.by === "pairs" ? of.of : [];
      const elements = elementsOf(list, this.shape);
      if (elements.is !== "several")
        return this.#openLoop(statement.body, scope, before, { atLeastOnce: false, names: places });
      const turns = elements.values.map((value, place) => [number(place + 1), value]);
      return this.#turns(places, turns, statement.body, scope, before);
    });
  }

  #turns(
    names: Places,
    turns: readonly (readonly Value[])[],
    body: Block,
    scope: Scope,
    state: State,
  ): readonly State[] {
    const inner = new Map([...scope, ...names]);
    let ways: readonly State[] = [state];
    const over: State[] = [];
    for (const values of turns) {
      const begun = ways.map((way) => withLocals(way, names, values, NIL));
      const ends = this.run(body, inner, begun).map((way) => withoutLocals(way, names));
      over.push(...ends.filter(({ done }) => done !== null));
      ways = merged(ends.filter(({ done }) => done === null));
    }
    return [...ways, ...over].map(unbroken);
  }

  /** A loop of which nobody knows how often it turns: afterwards nothing is known of what is set in it. */
  #openLoop(body: Block, scope: Scope, state: State, loop: OpenLoop): readonly State[] {
    // What it changes in one turn it may find in the next.
    const first = this.#openTurn(body, scope, state, loop);
    const changes = first.some(({ events }) => events.length > state.events.length);
    const ends = changes ? this.#openTurn(body, scope, { ...state, looks: new Map() }, loop) : first;
    const after = ends.map((way) =>
      way.done === null || way.done.as === "break" ? this.#forgetting(unbroken(way), scope) : way,
    );
    return loop.atLeastOnce ? after : [state, ...after];
  }

  #openTurn(body: Block, scope: Scope, state: State, { atLeastOnce, names, condition }: OpenLoop): readonly State[] {
    const inner = new Map([...scope, ...names]);
    const begun = withLocals(this.#forgetting(state, scope), names, [], ANYTHING);
    const asked = (ways: readonly State[]): readonly State[] =>
      condition === undefined ? ways : this.conditions(condition, inner, ways).map(([way]) => way);
    const ends = this.run(body, inner, atLeastOnce ? [begun] : asked([begun]));
    return (atLeastOnce ? [...ends, ...asked(ends)] : ends).map((way) => withoutLocals(way, names));
  }

  #forgetting(state: State, scope: Scope): State {
    const set = [...scope].filter(([name]) => this.#assigned.has(name));
    return withLocals(state, set, [], ANYTHING);
  }
}

interface OpenLoop {
  readonly atLeastOnce: boolean;
  /** Its variables. */
  readonly names: Places;
  readonly condition?: Expression;
}

/** The values of a counting loop's variable; null where they are not known, or too many. */
function turnsOf(from = Number.NaN, to = Number.NaN, step = Number.NaN): readonly number[] | null {
  const count = Math.floor((to - from) / step) + 1;
  if (!Number.isFinite(count) || count > MOST_TURNS) return null;
  return Array.from({ length: Math.max(0, count) }, (_, turn) => from + turn * step);
}
