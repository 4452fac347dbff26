import { keyPlaces } from "./key-places.ts";
import type { KeyMap } from "./keys.ts";
import type { Deed } from "./lock-op.ts";
import { matches } from "./lua/answers.ts";
import type { Event, Look } from "./lua/state.ts";
import { READS } from "./lua/commands.ts";
import { type Given, type Value, parts, plain } from "./lua/values.ts";
import { guardedDeed } from "./guarded-writes.ts";
import { leaseIn } from "./plain-commands.ts";

/** What a script did to one lock key on one of its ways. */
export interface ScriptDeed {
  readonly deed: Deed;
  readonly token: string | null;
  readonly compared: boolean;
  readonly ttlMs: number | null;
  readonly certain: boolean;
}

/** What it did to one key that a lock guards. */
export interface ScriptWrite {
  /** True when it lays down a first value, which needs no lock. */
  readonly first: boolean;
  readonly certain: boolean;
  /** What it had seen by then in the lock of this product. */
  readonly seen: Look | undefined;
}

export interface Deeds {
  readonly locks: ReadonlyMap<string, ScriptDeed>;
  readonly writes: ReadonlyMap<string, ScriptWrite>;
  /** Why it cannot be told; null when it can. */
  readonly opaque: string | null;
}

const NOT_KNOWN = Symbol("a key that cannot be worked out");
/** Commands on things that no lock consists of: where it is unclear which key they mean, it is another one. */
const NEVER_ON_LOCKS = /^(H|L|R|S(ADD|REM|POP|MOVE)|Z|X|PF|GEO|INCR|DECR)/;

const GIVEN_BY_REDIS = " for an owner or with a lease that cannot be worked out";

/** What a script does in one call on one of its ways. */
export function deedsOf(events: readonly Event[], given: Given, map: KeyMap): Deeds {
  const locks = new Map<string, ScriptDeed>();
  const writes = new Map<string, ScriptWrite>();
  for (const event of events) {
    const opaque = note(event, given, map, locks, writes);
    if (opaque !== null) return { locks, writes, opaque };
  }
  return { locks, writes, opaque: null };
}

function note(
  event: Event,
  given: Given,
  map: KeyMap,
  locks: Map<string, ScriptDeed>,
  writes: Map<string, ScriptWrite>,
): string | null {
  const { name, args, certain, looks } = event;
  if (READS.has(name)) return null;
  if (/^(FLUSH|SWAPDB|MOVE|COPY)/.test(name)) return `sends ${name}`;
  if (name === "SELECT") return Number(plain(args[0] ?? { is: "nil" }, given)) === 0 ? null : "selects a database";
  for (const place of keyPlaces(name, args.length + 1)) {
    const key = keyOf(args[place - 1] ?? { is: "nil" }, given, map, NEVER_ON_LOCKS.test(name));
    if (key === NOT_KNOWN) return `sends ${name} with a key that cannot be worked out`;
    if (key === null) continue;
    const product = map.guarded.get(key);
    if (map.locks.has(key)) {
      const deed = lockDeed(event, lookAt(looks, key, given), given);
      const all = deed === null ? null : combined(locks.get(key), deed);
      if (all === null) return `sends ${name} on ${key}${unclearIn(name)}`;
      locks.set(key, all);
    } else if (product !== undefined) {
      const kind = guardedDeed([name, ...args.map((arg) => (arg.is === "digits" ? "1" : textOf(arg, given)))]);
      if (kind === "not understood") return `sends ${name} on ${key}`;
      const lock = map.lockOf.get(product);
      const seen = lock === undefined ? undefined : lookAt(looks, lock, given);
      if (seen?.equals?.is === "anything") return `compares ${lock ?? "a lock"} in a way that cannot be followed`;
      if (kind === "needs no lock") continue;
      const before = writes.get(key);
      const first = isFree(lookAt(looks, key, given)) && before?.first !== false;
      writes.set(key, { first, certain: certain || before?.certain === true, seen: before?.seen ?? seen });
    }
  }
  return null;
}

/** The key of a lock, or of what one guards, that a value is; null for any other key. */
function keyOf(
  value: Value,
  given: Given,
  { locks, guarded }: KeyMap,
  never: boolean,
): string | typeof NOT_KNOWN | null {
  const of = parts(value, given);
  if (of.every((part) => part !== undefined)) {
    const key = of.join("");
    return locks.has(key) || guarded.has(key) ? key : null;
  }
  if (never) return null;
  const may = [...locks.keys(), ...guarded.keys()].some((key) => matches(key, of));
  return may ? NOT_KNOWN : null;
}

function lookAt(looks: Event["looks"], key: string, given: Given): Look | undefined {
  return [...looks.values()].find((look) => plain(look.key, given) === key);
}

function isFree(look: Look | undefined): boolean {
  return look !== undefined && look.free && look.equals === null && !look.other;
}

function unclearIn(name: string): string {
  if (name === "EXPIRE" || name === "PEXPIRE") return " with a lease that cannot be worked out";
  return name.includes("SET") ? GIVEN_BY_REDIS : "";
}

/** True for the reason why a script was not understood that gives the lock to somebody whom Redis chose. */
export function passesOn(reason: string): boolean {
  return reason.endsWith(GIVEN_BY_REDIS);
}

/** null: not understood. */
function lockDeed({ name, args, certain }: Event, look: Look | undefined, given: Given): ScriptDeed | null {
  const words = args.map((arg) => textOf(arg, given));
  const found = look?.equals ?? null;
  const unclear = found?.is === "anything";
  const token = found === null || look?.other !== false ? null : textOf(found, given);
  const deed = (what: Deed, more: Partial<ScriptDeed> = {}): ScriptDeed => ({
    deed: what,
    token: null,
    compared: false,
    ttlMs: null,
    certain,
    ...more,
  });
  if (name === "SET" || name === "SETNX") return settingDeed(name, words, look, token, deed);
  if (unclear || token === undefined) return null;
  const compared = token !== null && look?.free === false;
  if (name === "DEL" || name === "UNLINK" || name === "GETDEL") {
    return deed("release", compared ? { token, compared } : {});
  }
  if (name === "EXPIRE" || name === "PEXPIRE") {
    const ttlMs = Number(words[1] ?? Number.NaN) * (name === "EXPIRE" ? 1000 : 1);
    if (Number.isNaN(ttlMs) || words.length > 2) return null;
    return deed("extend", compared ? { token, compared, ttlMs } : { ttlMs });
  }
  if (name === "SETEX" || name === "PSETEX") {
    const options = [name === "SETEX" ? "EX" : "PX", words[1] ?? ""];
    return settingDeed("SET", [words[0], words[2], ...options], look, token, deed);
  }
  return null;
}

/** A SET takes the lock if it is free, extends it if it is ours, or overwrites it. */
function settingDeed(
  name: string,
  [, token, ...options]: readonly (string | undefined)[],
  look: Look | undefined,
  seen: string | null | undefined,
  deed: (what: Deed, more: Partial<ScriptDeed>) => ScriptDeed,
): ScriptDeed | null {
  if (token === undefined || options.some((option) => option === undefined)) return null;
  const flags = options.map((option) => (option ?? "").toUpperCase());
  const ttlMs = leaseIn(flags);
  if (ttlMs === undefined || flags.includes("GET") || flags.includes("IFEQ") || flags.includes("IFNE")) return null;
  if (name === "SETNX" || flags.includes("NX") || isFree(look)) return deed("acquire", { token, ttlMs });
  const unclear = look?.equals?.is === "anything" || seen === undefined;
  if (unclear) return null;
  if (seen !== token) return deed("overwrite", { token, ttlMs });
  return look?.free === true ? deed("acquire", { token, ttlMs }) : deed("extend", { token, ttlMs, compared: true });
}

/** A SET and then an EXPIRE is one deed; nothing else is. */
function combined(before: ScriptDeed | undefined, deed: ScriptDeed): ScriptDeed | null {
  if (before === undefined) return deed;
  if (before.deed === "release" || deed.deed !== "extend" || before.certain !== deed.certain) return null;
  return { ...before, ttlMs: deed.ttlMs };
}

/** undefined where it cannot be worked out. */
function textOf(value: Value, given: Given): string | undefined {
  const known = plain(value, given);
  return known === undefined || known === null ? undefined : String(known);
}
