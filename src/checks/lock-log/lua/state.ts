import { ANYTHING, type Value } from "./values.ts";

/** What a script may have found in a key, by all that it looked at. */
export interface Look {
  readonly key: Value;
  /** True when it may be empty. */
  readonly free: boolean;
  /**
   * A value that it was found equal to, and so may hold; null for none.
   * "Anything": it was compared in a way that is not understood.
   */
  readonly equals: Value | null;
  /** True when it may hold something else. */
  readonly other: boolean;
}

/** A command that a script sent and that may have changed something. */
export interface Event {
  readonly name: string;
  readonly args: readonly Value[];
  /** False when it is one of several ways whether this was done at all. */
  readonly certain: boolean;
  /** What the script knew of keys at this moment. */
  readonly looks: ReadonlyMap<string, Look>;
}

/** Something about KEYS and ARGV alone on which a script took its way. */
export interface Assumption {
  readonly operator: "==" | "<" | "<=" | "true";
  readonly left: Value;
  readonly right: Value;
  readonly holds: boolean;
}

export type Done =
  | { readonly as: "return"; readonly value: Value }
  | { readonly as: "break" }
  /** It broke off with an error. */
  | { readonly as: "error" };

/** How far a script has come on one of its ways. */
export interface State {
  readonly locals: ReadonlyMap<string, Value>;
  readonly looks: ReadonlyMap<string, Look>;
  readonly events: readonly Event[];
  readonly assumed: ReadonlyMap<string, Assumption>;
  readonly done: Done | null;
}

export const START: State = { locals: new Map(), looks: new Map(), events: [], assumed: new Map(), done: null };

export function keyName(key: Value): string {
  return JSON.stringify(key);
}

export function lookAt(state: Pick<State, "looks">, key: Value): Look {
  return state.looks.get(keyName(key)) ?? { key, free: true, equals: null, other: true };
}

export function withLook(state: State, look: Look): State {
  return { ...state, looks: new Map(state.looks).set(keyName(look.key), look) };
}

/** True where a script has looked, and what it saw cannot be. */
export function impossible({ free, equals, other }: Look): boolean {
  return !free && equals === null && !other;
}

/** A script took its way by what this key holds, nobody knows how. */
export function withUnclearLook(state: State, key: Value): State {
  const look = lookAt(state, key);
  return look.other ? withLook(state, { ...look, equals: ANYTHING }) : state;
}

/** What may be seen of a key on either of two ways. */
function either(one: Look, two: Look): Look {
  const unclear = one.equals?.is === "anything" || two.equals?.is === "anything";
  const same = one.equals === null || two.equals === null || keyName(one.equals) === keyName(two.equals);
  return {
    key: one.key,
    free: one.free || two.free,
    equals: unclear ? ANYTHING : same ? (one.equals ?? two.equals) : null,
    other: one.other || two.other || !same,
  };
}

function eitherLooks(one: State["looks"], two: State["looks"]): Map<string, Look> {
  const found = new Map<string, Look>();
  for (const [name, look] of one) {
    const other = two.get(name);
    if (other !== undefined) found.set(name, either(look, other));
  }
  return found;
}

/** More ways than these are put together, though less is known of them then. */
const MOST_WAYS = 32;

/** Puts those ways together that differ only in what was seen on them. */
export function merged(states: readonly State[]): readonly State[] {
  if (states.length < 2) return states;
  const exact = grouped(states, (state) => [state.events.map(eventName), [...state.assumed]]);
  return exact.length <= MOST_WAYS ? exact : grouped(exact, () => []);
}

function grouped(states: readonly State[], more: (state: State) => unknown): readonly State[] {
  const groups = new Map<string, State>();
  for (const state of states) {
    const name = JSON.stringify([[...state.locals].sort(byName), state.done, more(state)]);
    const before = groups.get(name);
    groups.set(name, before === undefined ? state : together(before, state));
  }
  return [...groups.values()];
}

function byName([one]: readonly [string, Value], [other]: readonly [string, Value]): number {
  return one < other ? -1 : 1;
}

function together(one: State, two: State): State {
  const looks = eitherLooks(one.looks, two.looks);
  const assumed = new Map([...one.assumed].filter(([name, { holds }]) => two.assumed.get(name)?.holds === holds));
  return { ...one, looks, assumed, events: eventsOf(one.events, two.events) };
}

function eventsOf(one: readonly Event[], two: readonly Event[]): readonly Event[] {
  const name = ({ name: command, args }: Event): string => JSON.stringify([command, args]);
  const [here, there] = [
    new Map(one.map((event) => [name(event), event])),
    new Map(two.map((event) => [name(event), event])),
  ];
  const both = one.map((event) => {
    const other = there.get(name(event));
    if (other === undefined) return { ...event, certain: false };
    return { ...event, certain: event.certain && other.certain, looks: eitherLooks(event.looks, other.looks) };
  });
  return [...both, ...two.filter((event) => !here.has(name(event))).map((event) => ({ ...event, certain: false }))];
}

function eventName({ name, args, certain, looks }: Event): unknown {
  return [name, args, certain, [...looks].sort(([one], [other]) => (one < other ? -1 : 1))];
}
