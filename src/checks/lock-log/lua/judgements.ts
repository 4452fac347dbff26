import { type Ways, changesOf } from "./commands.ts";
import { type Assumption, type State, impossible, keyName, lookAt, withLook, withUnclearLook } from "./state.ts";
import { ANYTHING, NIL, type Value, keysWithin } from "./values.ts";

/** Which way a script goes at a condition: one, or both where nobody can tell. */
export type Forks = Ways<boolean>;

function both(state: State, ...values: readonly Value[]): Forks {
  const after = keysWithin(values).reduce(withUnclearLook, state);
  return [
    [after, true],
    [after, false],
  ];
}

/** Everything but `nil` and `false` is true in Lua. */
export function truth(value: Value, state: State): Forks {
  switch (value.is) {
    case "nil":
      return [[state, false]];
    case "boolean":
      return [[state, value.value]];
    case "anything":
    case "derived":
    case "digits":
      return both(state, value);
    case "made":
      if (value.by !== "tonumber") return [[state, true]];
      return isGiven(value) ? assume("true", value, NIL, state) : both(state, value);
    case "several":
      return truth(value.values[0] ?? NIL, state);
    default:
      return [[state, true]];
  }
}

/** @param literals every text that the script spells: no argument is equal to one of them, unless it is known to be */
export function equal(left: Value, right: Value, state: State, literals: ReadonlySet<string>): Forks {
  if (isConstant(left) && isConstant(right)) return [[state, keyName(left) === keyName(right)]];
  if (left.is === "found" && right.is === "found") return both(state, left, right);
  if (left.is === "found") return foundEqual(left, right, state);
  if (right.is === "found") return foundEqual(right, left, state);
  if (isDefinite(left) && isDefinite(right) && (isConstant(left) || isConstant(right))) {
    const [constant, other] = isConstant(left) ? [left, right] : [right, left];
    if (other.is !== "given" || constant.is !== "text") return [[state, false]];
    if (other.list === "ARGV" && literals.has(constant.value)) return [[state, false]];
  }
  if (keyName(left) === keyName(right) && isGiven(left)) return [[state, true]];
  return isGiven(left) && isGiven(right) ? assume("==", left, right, state) : both(state, left, right);
}

export function less(operator: "<" | "<=", left: Value, right: Value, state: State): Forks {
  if (left.is === "number" && right.is === "number") {
    return [[state, operator === "<" ? left.value < right.value : left.value <= right.value]];
  }
  return isGiven(left) && isGiven(right) ? assume(operator, left, right, state) : both(state, left, right);
}

function foundEqual(found: Value & { readonly is: "found" }, value: Value, state: State): Forks {
  if (value.is === "nil" || value.is === "boolean" || value.is === "number" || value.is === "status")
    return [[state, false]];
  if (found.changes !== changesOf(found.key, state)) return both(state, found);
  const look = lookAt(state, found.key);
  const equals = value.is === "given" || value.is === "text" || value.is === "made" ? value : ANYTHING;
  const known = equals !== ANYTHING && look.equals !== null && keyName(look.equals) === keyName(equals);
  const unequal = { ...look, free: false, equals: known ? null : look.equals };
  const ways: Forks = [[withLook(state, { ...look, free: false, equals, other: false }), true]];
  return impossible(unequal) ? ways : [...ways, [withLook(state, unequal), false]];
}

function assume(operator: Assumption["operator"], left: Value, right: Value, state: State): Forks {
  const name = JSON.stringify([operator, left, right]);
  const known = state.assumed.get(name);
  if (known !== undefined) return [[state, known.holds]];
  return [true, false].map((holds) => {
    const assumed = new Map(state.assumed).set(name, { operator, left, right, holds });
    return [{ ...state, assumed }, holds] as const;
  });
}

function isConstant({ is }: Value): boolean {
  return is === "nil" || is === "boolean" || is === "number" || is === "text";
}

/** True for what is certainly of one kind, and no constant of another. */
function isDefinite(value: Value): boolean {
  return isConstant(value) || ["given", "status", "table", "list"].includes(value.is);
}

/** True for what follows from KEYS and ARGV alone. */
function isGiven(value: Value): boolean {
  if (value.is === "made") return value.of.every(isGiven);
  return value.is === "given" || value.is === "number" || value.is === "text";
}
