import type { WireCommand, WireReply } from "../../domain/wire.ts";
import { effectOf, plainSuccess } from "./effects.ts";
import type { Deed, Effect, LockOp } from "./lock-op.ts";

/** An operation before it is known whose lock it is about: null where the command leaves lock keys as they are. */
export type Reading = Omit<LockOp, "product" | "key" | "command"> | null | "opaque";

const HARMLESS = new Set(
  "EXISTS TTL PTTL TYPE STRLEN GETRANGE OBJECT DUMP WATCH EXPIRETIME PEXPIRETIME TOUCH PUBLISH SPUBLISH SUBSCRIBE UNSUBSCRIBE SSUBSCRIBE PSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MEMORY SCAN KEYS MULTI EXEC DISCARD EVAL_RO EVALSHA_RO FCALL_RO DIGEST".split(
    " ",
  ),
);

/** What a command that is no script does to one of its keys. */
export function readPlain(command: WireCommand, key: string): Reading {
  const [name = "", , value = ""] = command.words;
  switch (name) {
    case "SET":
      return readSet(command);
    case "SETNX":
      return reading("acquire", effectOf(command, plainSuccess), { token: value });
    case "SETEX":
    case "PSETEX": {
      const ttlMs = inMs(value, name === "SETEX" ? 1000 : 1);
      return reading("overwrite", effectOf(command, plainSuccess), { token: command.words[3] ?? null, ttlMs });
    }
    case "GETSET":
      return reading("overwrite", effectOf(command, always), { token: value });
    case "DEL":
    case "UNLINK":
      return reading("release", effectOf(command, deletedAll(command.words.length - 1)), {});
    case "DELEX":
      return readDelex(command);
    case "GETDEL":
      return reading("release", effectOf(command, notNull), { found: textOf(command.reply) });
    case "EXPIRE":
    case "PEXPIRE":
      return reading("extend", effectOf(command, plainSuccess), { ttlMs: inMs(value, name === "EXPIRE" ? 1000 : 1) });
    case "PERSIST":
      return reading("extend", effectOf(command, plainSuccess), {});
    case "GET":
      return reading("read", effectOf(command, always), { found: textOf(command.reply) });
    case "MGET":
      return reading("read", effectOf(command, always), { found: textAt(command, command.words.indexOf(key) - 1) });
    default:
      return HARMLESS.has(name) ? null : "opaque";
  }
}

function readSet(command: WireCommand): Reading {
  const [, , token = "", ...options] = command.words;
  const flags = options.map((option) => option.toUpperCase());
  const ttlMs = leaseIn(flags);
  if (ttlMs === undefined) return "opaque";
  const tellsOld = flags.includes("GET");
  if (flags.includes("NX")) {
    return reading("acquire", effectOf(command, tellsOld ? wasFree : plainSuccess), { token, ttlMs });
  }
  const compares = flags.indexOf("IFEQ");
  if (compares >= 0) {
    if (options[compares + 1] !== token) return "opaque";
    return reading("extend", effectOf(command, plainSuccess), { token, ttlMs, compared: true });
  }
  return reading("overwrite", effectOf(command, tellsOld ? always : plainSuccess), { token, ttlMs });
}

/** DELEX key IFEQ token (Redis 8.4) compares and deletes. */
function readDelex(command: WireCommand): Reading {
  const [, , condition, token = null] = command.words;
  const effect = effectOf(command, plainSuccess);
  if (condition === undefined) return reading("release", effect, {});
  return condition.toUpperCase() === "IFEQ" ? reading("release", effect, { token, compared: true }) : "opaque";
}

/** @param flags in capitals
 * @returns null without a lease, undefined for one that ends by the wall clock or stays what it was */
export function leaseIn(flags: readonly string[]): number | null | undefined {
  if (flags.some((flag) => flag === "PXAT" || flag === "EXAT" || flag === "KEEPTTL")) return undefined;
  const px = flags.indexOf("PX");
  if (px >= 0) return inMs(flags[px + 1], 1) ?? undefined;
  const ex = flags.indexOf("EX");
  return ex >= 0 ? (inMs(flags[ex + 1], 1000) ?? undefined) : null;
}

function reading(deed: Deed, effect: Effect, more: Partial<LockOp>): Exclude<Reading, null | "opaque"> {
  return { deed, effect, token: null, compared: false, ttlMs: null, found: null, ...more };
}

function inMs(text: string | undefined, factor: number): number | null {
  const amount = Number(text);
  return text !== undefined && text !== "" && Number.isFinite(amount) ? amount * factor : null;
}

function always(): Effect {
  return "yes";
}

function notNull(reply: WireReply | null): Effect {
  return reply === null ? "no" : "yes";
}

function wasFree(reply: WireReply | null): Effect {
  return reply === null ? "yes" : "no";
}

function deletedAll(keys: number): (reply: WireReply | null) => Effect {
  return (reply) => (reply === 0 ? "no" : reply === keys ? "yes" : "unknown");
}

function textOf(reply: WireReply | null): string | null {
  return typeof reply === "string" ? reply : null;
}

function textAt({ reply }: WireCommand, place: number): string | null {
  return Array.isArray(reply) ? textOf((reply as readonly WireReply[])[place] ?? null) : null;
}
