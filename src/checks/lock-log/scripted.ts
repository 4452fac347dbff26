import { computesKeys } from "../../domain/script-text.ts";
import type { WireCommand, WireLog } from "../../domain/wire.ts";
import { declined, effectUnread } from "./effects.ts";
import type { KeyMap } from "./keys.ts";
import type { GuardedWrite, LockOp } from "./lock-op.ts";
import { isError, mayAnswer } from "./lua/answers.ts";
import type { Way } from "./lua/script.ts";
import type { Given } from "./lua/values.ts";
import { type Deeds, deedsOf } from "./script-deeds.ts";
import { type Outcome, lockOpOf, writeOf } from "./script-outcome.ts";
import { ScriptWays } from "./script-ways.ts";

/** What one command did to locks and to what they guard. */
export interface ScriptReading {
  readonly ops: readonly LockOp[];
  readonly writes: readonly GuardedWrite[];
  readonly opaque: readonly string[];
}

const NOTHING: ScriptReading = { ops: [], writes: [], opaque: [] };

interface Told {
  readonly way: Way;
  readonly deeds: Deeds;
}

/** Reads calls of scripts by their text, and by what was answered. */
export class ScriptReader {
  readonly #wire: WireLog;
  readonly #map: KeyMap;
  readonly #scripts = new Map<string, ScriptWays>();

  constructor(wire: WireLog, map: KeyMap) {
    this.#wire = wire;
    this.#map = map;
  }

  read(command: WireCommand): ScriptReading {
    const [name = "", id = "", count = "0", ...rest] = command.words;
    const given = { keys: rest.slice(0, Number(count)), args: rest.slice(Number(count)) };
    const named = rest.some((word) => this.#map.locks.has(word) || this.#map.guarded.has(word));
    const text = this.#wire.scripts.get(id.toLowerCase());
    if (name.startsWith("FCALL")) return named ? opaque(`function ${id}`) : NOTHING;
    if (text === undefined) return named ? opaque(`script ${id}, whose text was never seen`) : NOTHING;
    const ways = this.#ways(id, text).of(given);
    if (typeof ways === "string") {
      return named || this.#spells(text) || computesKeys(text) ? opaque(`${titleOf(text)} ${ways}`) : NOTHING;
    }
    const told = ways.map((way) => ({ way, deeds: deedsOf(way.events, given, this.#map) }));
    return this.#outcome(told, given, command, titleOf(text));
  }

  #ways(id: string, text: string): ScriptWays {
    const known = this.#scripts.get(id) ?? new ScriptWays(text);
    this.#scripts.set(id, known);
    return known;
  }

  #spells(text: string): boolean {
    const { lockParts } = this.#map;
    return lockParts.length > 0 && lockParts.every((part) => text.includes(part));
  }

  #outcome(told: readonly Told[], given: Given, command: WireCommand, title: string): ScriptReading {
    const effect = effectUnread(command);
    const taken = effect === null ? told.filter(({ way }) => explains(way, command, given)) : told;
    const strange = effect === "no" ? undefined : taken.find(({ deeds }) => deeds.opaque !== null);
    if (strange !== undefined) return opaque(`${title} ${strange.deeds.opaque ?? ""}`);
    const touched = told.some(({ deeds }) => deeds.locks.size + deeds.writes.size > 0 || deeds.opaque !== null);
    if (taken.length === 0 && touched) {
      return opaque(`${title} was answered ${JSON.stringify(command.reply)}, and nothing in it answers so`);
    }
    const outcome: Outcome = { all: told.map(({ deeds }) => deeds), taken: taken.map(({ deeds }) => deeds), effect };
    return this.#readings(outcome, taken, given, command, title);
  }

  #readings(
    outcome: Outcome,
    taken: readonly Told[],
    given: Given,
    command: WireCommand,
    title: string,
  ): ScriptReading {
    const ops: LockOp[] = [];
    const writes: GuardedWrite[] = [];
    const locks = [
      ...given.keys.filter((key) => this.#map.locks.has(key)),
      ...outcome.all.flatMap(({ locks: keys }) => [...keys.keys()]),
    ];
    for (const key of new Set(locks)) {
      const op = lockOpOf(
        key,
        outcome,
        taken.map(({ way }) => way.looks),
        given,
      );
      if (op === null) return opaque(`${title} does one thing or another to ${key}, and its answer does not say which`);
      if (outcome.effect === null && op.effect === "unknown" && !op.compared && op.deed !== "acquire") {
        return opaque(`${title} does not say by its answer whether it struck ${key}`);
      }
      ops.push({ ...op, product: this.#map.locks.get(key) ?? -1, key, command });
    }
    for (const key of new Set(outcome.all.flatMap(({ writes: keys }) => [...keys.keys()]))) {
      const write = writeOf(key, outcome, given);
      if (write !== null) writes.push({ ...write, product: this.#map.guarded.get(key) ?? -1, command });
    }
    return { ops, writes, opaque: [] };
  }
}

/** Whether a script that took this way would have been answered as it was. */
function explains({ answer }: Way, command: WireCommand, given: Given): boolean {
  if (declined(command)) return answer !== null && isError(answer);
  return answer !== null && mayAnswer(answer, command.reply, given);
}

function opaque(line: string): ScriptReading {
  return { ...NOTHING, opaque: [line] };
}

/** The first line of a script that says anything: enough to find it in the sources. */
function titleOf(text: string): string {
  const line = text.split("\n").find((candidate) => candidate.trim() !== "") ?? "";
  return `script "${line.trim().slice(0, 80)}"`;
}
