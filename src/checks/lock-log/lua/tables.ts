import type { CallShape } from "./call-shape.ts";
import { ANYTHING, NIL, type Value, derivedFrom, number, text } from "./values.ts";

/** What stands at one place of a value. */
export function indexed(of: Value, key: Value, shape: CallShape): Value {
  if (of.is === "library" && key.is === "text") return { is: "library", name: `${of.name}.${key.value}` };
  if (of.is === "status") return key.is === "text" && key.value === "ok" ? text(of.text) : NIL;
  if (of.is === "list" && key.is === "number") return givenAt(of.list, key.value, shape);
  if (of.is !== "table") return derivedFrom([of]);
  if (key.is === "number") return of.items[key.value - 1] ?? NIL;
  return key.is === "text" ? (of.named[key.value] ?? NIL) : derivedFrom([of]);
}

function givenAt(list: "KEYS" | "ARGV", place: number, shape: CallShape): Value {
  const known = list === "ARGV" ? shape.known.get(place) : undefined;
  if (known !== undefined) return text(known);
  const length = list === "KEYS" ? shape.keys : shape.args;
  return place >= 1 && place <= length ? { is: "given", list, place } : NIL;
}

/** All elements of a list; anything where it is not known which these are. */
export function elementsOf(list: Value, shape: CallShape): Value {
  if (list.is === "table" && Object.keys(list.named).length === 0) return { is: "several", values: list.items };
  if (list.is !== "list") return derivedFrom([list]);
  const length = list.list === "KEYS" ? shape.keys : shape.args;
  const values = Array.from({ length }, (_, place) => givenAt(list.list, place + 1, shape));
  return { is: "several", values };
}

export function lengthOf(value: Value, shape: CallShape): Value {
  if (value.is === "list") return number(value.list === "KEYS" ? shape.keys : shape.args);
  if (value.is === "text") return number(value.value.length);
  return value.is === "table" ? number(value.items.length) : ANYTHING;
}

/** A table after `table.insert` or another function that changes it. */
export function refilled(name: string, [table = NIL, second = NIL, third]: readonly Value[]): Value {
  if (name !== "table.insert" || table.is !== "table") return derivedFrom([table, second]);
  if (third === undefined) return { ...table, items: [...table.items, second] };
  return second.is === "number" ? { ...table, items: table.items.toSpliced(second.value - 1, 0, third) } : ANYTHING;
}
