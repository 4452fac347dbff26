import type { State } from "./state.ts";
import type { Block, Expression, Statement } from "./tree.ts";
import { ANYTHING, type Value } from "./values.ts";

/** Names and where their values are kept. */
export type Places = readonly (readonly [name: string, place: string])[];

export function placesOf(names: readonly string[], at: number): Places {
  return names.map((name) => [name, `${name}@${String(at)}`]);
}

export function withLocals(state: State, places: Places, values: readonly Value[], missing: Value): State {
  const locals = new Map(state.locals);
  places.forEach(([, place], at) => locals.set(place, values[at] ?? missing));
  return { ...state, locals };
}

export function withoutLocals(state: State, places: Places): State {
  if (places.length === 0) return state;
  const locals = new Map(state.locals);
  for (const [, place] of places) locals.delete(place);
  return { ...state, locals };
}

/** A way that left a loop by `break` goes on behind it. */
export function unbroken(state: State): State {
  return state.done?.as === "break" ? { ...state, done: null } : state;
}

/** A table after something was put into it. */
export function changedTable(table: Value, key: Value, value: Value): Value {
  if (table.is !== "table") return ANYTHING;
  if (key.is === "text") return { ...table, named: { ...table.named, [key.value]: value } };
  if (key.is !== "number" || key.value < 1 || key.value > table.items.length + 1) return ANYTHING;
  const items = [...table.items];
  items[key.value - 1] = value;
  return { ...table, items };
}

/** Names that are given another value somewhere in a text, or have something put into them. */
export function assignedIn(body: Block): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === "object" && node !== null) {
      for (const target of targetsOf(node as Statement | Expression)) {
        const base = target.is === "index" ? target.of : target;
        if (base.is === "name") names.add(base.name);
      }
      Object.values(node).forEach(visit);
    }
  };
  visit(body);
  return names;
}

function targetsOf(node: Statement | Expression): readonly Expression[] {
  if (node.is === "assignment") return node.targets;
  const changes = node.is === "call" && node.callee.is === "index" && node.callee.of.is === "name";
  return changes && node.callee.of.name === "table" ? node.args.slice(0, 1) : [];
}
