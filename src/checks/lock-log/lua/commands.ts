import { type Event, type Look, type State, impossible, keyName, lookAt, withLook } from "./state.ts";
import { ANYTHING, NO, type Value, number } from "./values.ts";

/** The ways that something may go, each with what comes of it. */
export type Ways<Result> = readonly (readonly [State, Result])[];

/** Commands that change nothing. */
export const READS: ReadonlySet<string> = new Set(
  "GET MGET EXISTS TTL PTTL EXPIRETIME PEXPIRETIME TYPE STRLEN GETRANGE SUBSTR GETBIT BITCOUNT OBJECT DUMP TOUCH DIGEST PUBLISH SPUBLISH TIME ECHO PING SCAN KEYS RANDOMKEY DBSIZE HGET HMGET HGETALL HKEYS HVALS HLEN HEXISTS HSTRLEN HSCAN LLEN LRANGE LINDEX LPOS SCARD SISMEMBER SMISMEMBER SMEMBERS SRANDMEMBER SSCAN ZCARD ZSCORE ZMSCORE ZRANK ZREVRANK ZRANGE ZREVRANGE ZRANGEBYSCORE ZREVRANGEBYSCORE ZCOUNT ZSCAN XLEN XRANGE XREVRANGE PFCOUNT INFO COMMAND".split(
    " ",
  ),
);
/** Those of them that tell what a text key holds. */
const TELLS = new Set(["MGET", "GETRANGE", "SUBSTR", "DIGEST"]);
/** What other commands answer, where more is known of it than nothing. A counter that INCR has raised is above zero. */
const ANSWERS: readonly (readonly [RegExp, Value])[] = [
  [/^(INCR|[LR]PUSH)$/, { is: "between", below: 0, above: Infinity }],
  [/^P?TTL$/, { is: "between", below: -3, above: Infinity }],
  [
    /^((DECR|INCR|HINCR)(BY)?|[LR]PUSHX|[HLSZX](LEN|CARD)|[HSZ](SET|DEL|ADD|REM|EXISTS)|SISMEMBER|S?PUBLISH|STRLEN|APPEND|PERSIST)$/,
    { is: "between", below: -Infinity, above: Infinity },
  ],
];
const OK: Value = { is: "status", text: "OK" };
const VALUED = new Set(["PX", "EX", "PXAT", "EXAT", "IFEQ", "IFNE"]);

/** What a command may answer and do. Its effect is known to the script only where its answer tells it. */
export function perform(name: string, args: readonly Value[], state: State): Ways<Value> {
  const [key = ANYTHING] = args;
  switch (name) {
    case "GET":
      return found(key, state);
    case "EXISTS":
      return args.length === 1 ? exists(key, state) : [[state, { is: "between", below: -1, above: args.length + 1 }]];
    case "SET":
      return set(args, state);
    case "SETNX":
      return yesOrNo(name, args, state, number(1), number(0));
    case "SETEX":
    case "PSETEX":
      return [[changed(state, name, args, holding(key, args[2])), OK]];
    case "DEL":
    case "UNLINK":
      return args.length === 1 ? removed(name, key, state) : severalRemoved(name, args, state);
    case "GETDEL":
      return found(key, state).map(([after, value]) =>
        value.is === "boolean" ? [after, value] : [changed(after, name, args, freed(key)), value],
      );
    case "EXPIRE":
    case "PEXPIRE":
      return extended(name, args, state);
    default:
      if (TELLS.has(name)) return [[state, { is: "derived", keys: args }]];
      return [[READS.has(name) ? state : changed(state, name, args), answerOf(name)]];
  }
}

function answerOf(name: string): Value {
  return ANSWERS.find(([names]) => names.test(name))?.[1] ?? ANYTHING;
}

/** How often a script has changed a key so far. */
export function changesOf(key: Value, { events }: State): number {
  const name = keyName(key);
  return events.filter(({ args }) => args.some((arg) => keyName(arg) === name)).length;
}

function changed(state: State, name: string, args: readonly Value[], look?: Look): State {
  const event: Event = { name, args, certain: true, looks: state.looks };
  const after = { ...state, events: [...state.events, event] };
  return look === undefined ? after : withLook(after, look);
}

function found(key: Value, state: State): Ways<Value> {
  const look = lookAt(state, key);
  const value: Value = { is: "found", key, changes: changesOf(key, state) };
  return possible([
    [{ ...look, equals: null, other: false }, state, NO],
    [{ ...look, free: false }, state, value],
  ]);
}

function exists(key: Value, state: State): Ways<Value> {
  const look = lookAt(state, key);
  return possible([
    [{ ...look, equals: null, other: false }, state, number(0)],
    [{ ...look, free: false }, state, number(1)],
  ]);
}

function possible(ways: readonly (readonly [Look, State, Value])[]): Ways<Value> {
  return ways.flatMap(([look, state, value]) => (impossible(look) ? [] : [[withLook(state, look), value] as const]));
}

function set(args: readonly Value[], state: State): Ways<Value> {
  const options = optionsOf(args.slice(2));
  if (options === null) return [...yesOrNo("SET", args, state, OK, NO), [state, ANYTHING]];
  if (options.has("GET") || options.has("IFEQ") || options.has("IFNE")) {
    return [
      [changed(state, "SET", args), ANYTHING],
      [state, ANYTHING],
    ];
  }
  if (options.has("NX") || options.has("XX")) return yesOrNo("SET", args, state, OK, NO);
  const [key = ANYTHING, value] = args;
  return [[changed(state, "SET", args, holding(key, value)), OK]];
}

/** The options of SET in capitals; null where one cannot be read. */
function optionsOf(args: readonly Value[]): ReadonlySet<string> | null {
  const found = new Set<string>();
  for (let place = 0; place < args.length; place += 1) {
    const option = args[place];
    if (option?.is !== "text") return null;
    const name = option.value.toUpperCase();
    found.add(name);
    if (VALUED.has(name)) place += 1;
  }
  return found;
}

/** SET NX and the like: done where the key was free. */
function yesOrNo(name: string, args: readonly Value[], state: State, yes: Value, no: Value): Ways<Value> {
  const [key = ANYTHING, value] = args;
  const look = lookAt(state, key);
  const onlyIfFree = name === "SETNX" || args.slice(2).some((arg) => arg.is === "text" && /^nx$/i.test(arg.value));
  const done = changed(state, name, args, holding(key, value));
  if (!onlyIfFree)
    return [
      [done, yes],
      [state, no],
    ];
  const ways = possible([[{ ...look, free: false }, state, no]]);
  return look.free ? [[done, yes], ...ways] : ways;
}

function removed(name: string, key: Value, state: State): Ways<Value> {
  const look = lookAt(state, key);
  return exists(key, state).map(([after, value]) => {
    if (value.is === "number" && value.value === 0) return [after, value];
    return [changed(withLook(state, { ...look, free: false }), name, [key], freed(key)), value];
  });
}

function severalRemoved(name: string, keys: readonly Value[], state: State): Ways<Value> {
  const none = keys.reduce((before, key) => withLook(before, freed(key)), state);
  const all = keys.reduce((before, key) => changed(before, name, [key], freed(key)), state);
  const some = {
    ...all,
    events: all.events.map((event, at) => (at < state.events.length ? event : { ...event, certain: false })),
  };
  return [
    [all, number(keys.length)],
    [none, number(0)],
    [some, { is: "between", below: 0, above: keys.length }],
  ];
}

/** A key that is there gets its lease, unless a further option forbids it. */
function extended(name: string, args: readonly Value[], state: State): Ways<Value> {
  const [key = ANYTHING] = args;
  const look = lookAt(state, key);
  const done = changed(withLook(state, { ...look, free: false }), name, args);
  const isThere = look.equals !== null || look.other;
  const refused: Ways<Value> =
    look.free || args.length > 2 ? [[args.length > 2 ? state : withLook(state, freed(key)), number(0)]] : [];
  return isThere ? [[done, number(1)], ...refused] : refused;
}

function holding(key: Value, value: Value = ANYTHING): Look {
  return value.is === "anything"
    ? { key, free: false, equals: null, other: true }
    : { key, free: false, equals: value, other: false };
}

function freed(key: Value): Look {
  return { key, free: true, equals: null, other: false };
}
