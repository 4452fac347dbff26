import type { Plan } from "../../domain/plan.ts";
import type { WireCommand, WireLog } from "../../domain/wire.ts";
import { effectOf, plainSuccess } from "./effects.ts";
import { guardedDeed } from "./guarded-writes.ts";
import { keyPlaces } from "./key-places.ts";
import { inferEffects } from "./inferred-effects.ts";
import { type KeyMap, keyMap } from "./keys.ts";
import { LEASE_IN_VALUE, keepsLeasesInValues } from "./lease-in-value.ts";
import { type Effect, type GuardedWrite, type LockLog, type LockOp, sweep } from "./lock-op.ts";
import { readPlain } from "./plain-commands.ts";
import { ScriptReader, type ScriptReading } from "./scripted.ts";
import { Tokens } from "./tokens.ts";

const SCRIPTS = new Set(["EVAL", "EVALSHA", "FCALL"]);

/** Turns the commands of a run into what they did to locks. */
export function readLockLog(wire: WireLog, plan: Plan): LockLog {
  const map = keyMap(plan);
  const scripts = new ScriptReader(wire, map);
  const databases = new Databases();
  const opaque = new Set<string>();
  const ops: LockOp[] = [];
  const writes: GuardedWrite[] = [];
  for (const command of wire.commands) {
    const [name = ""] = command.words;
    const reading = SCRIPTS.has(name) ? scripts.read(command) : readCommand(command, map, databases);
    const touched = reading.ops.length + reading.writes.length + reading.opaque.length > 0;
    if (touched && databases.of(command) !== "0") {
      opaque.add(`command ${name} in database ${databases.of(command)}, where locks are not looked for`);
      continue;
    }
    ops.push(...reading.ops);
    writes.push(...reading.writes);
    for (const line of reading.opaque) opaque.add(line);
  }
  if (keepsLeasesInValues(ops)) opaque.add(LEASE_IN_VALUE);
  const tokens = new Tokens(ops);
  return {
    ops: inferEffects(ops.map((op) => tokens.name(op))),
    writes: writes.map((write) => ({ ...write, token: tokens.ownerOf(write) })),
    opaque: [...opaque],
  };
}

/** In which database each connection is. */
class Databases {
  readonly #selected = new Map<number, string>();

  of({ connection }: WireCommand): string {
    return this.#selected.get(connection) ?? "0";
  }

  /** A SELECT that was not answered may have been done. */
  select(command: WireCommand): void {
    if (effectOf(command, () => "yes") !== "no") this.#selected.set(command.connection, command.words[1] ?? "?");
  }
}

function readCommand(command: WireCommand, map: KeyMap, databases: Databases): ScriptReading {
  const { words } = command;
  const [name = ""] = words;
  if (name === "SELECT") databases.select(command);
  if (name === "SWAPDB") return { ops: [], writes: [], opaque: [`command ${words.slice(0, 3).join(" ")}`] };
  if (name === "FLUSHALL" || (name === "FLUSHDB" && databases.of(command) === "0")) {
    const effect = effectOf(command, plainSuccess);
    return {
      ops: [...map.locks].map(([key, product]) => sweep(command, key, product, effect)),
      writes: [],
      opaque: [],
    };
  }
  return readKeys(command, map);
}

function readKeys(command: WireCommand, map: KeyMap): ScriptReading {
  const { words } = command;
  const ops: LockOp[] = [];
  const writes: GuardedWrite[] = [];
  const opaque: string[] = [];
  const [name = ""] = words;
  for (const key of new Set(keyPlaces(name, words.length).map((place) => words[place] ?? ""))) {
    const product = map.locks.get(key);
    const guarded = map.guarded.get(key);
    if (product !== undefined) {
      const op = readPlain(command, key);
      if (op === "opaque") opaque.push(`command ${name} on ${key}`);
      else if (op !== null) ops.push({ ...op, product, key, command });
    } else if (guarded !== undefined) {
      const deed = guardedDeed(words);
      if (deed === "not understood") opaque.push(`command ${name} on ${key}`);
      else if (deed === "needs the lock") {
        writes.push({ product: guarded, effect: writtenBy(command), token: null, checksOwner: false, command });
      }
    }
  }
  return { ops, writes, opaque };
}

function writtenBy(command: WireCommand): Effect {
  const tellsOld = command.words.slice(3).some((option) => option.toUpperCase() === "GET");
  return effectOf(command, command.words[0] === "SET" && !tellsOld ? plainSuccess : () => "yes");
}
