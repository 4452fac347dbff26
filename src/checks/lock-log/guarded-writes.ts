import { READS } from "./lua/commands.ts";

/**
 * What a command does to a key that a lock guards. Giving units back and laying
 * down a first value need no lock: the one goes with any other command, the
 * other is for a key that nobody has written yet.
 */
export type GuardedDeed = "needs the lock" | "needs no lock" | "not understood";

const WRITES = new Set(
  "SETEX PSETEX GETSET MSET SETRANGE APPEND DECR HSET HMSET LPOP RPOP SPOP ZPOPMIN ZPOPMAX GETDEL".split(" "),
);
const NO_WRITES = new Set(
  "SETNX HSETNX MSETNX INCR RPUSH LPUSH SADD ZADD WATCH EXPIRE PEXPIRE EXPIREAT PEXPIREAT PERSIST MEMORY SUBSCRIBE UNSUBSCRIBE MULTI EXEC DISCARD EVAL_RO EVALSHA_RO FCALL_RO".split(
    " ",
  ),
);
/** Where the amount stands, and whether it is added. */
const AMOUNTS: ReadonlyMap<string, readonly [place: number, sign: 1 | -1]> = new Map([
  ["INCRBY", [2, 1]],
  ["INCRBYFLOAT", [2, 1]],
  ["DECRBY", [2, -1]],
  ["HINCRBY", [3, 1]],
  ["HINCRBYFLOAT", [3, 1]],
]);

/** @param words of which undefined cannot be worked out */
export function guardedDeed(words: readonly (string | undefined)[]): GuardedDeed {
  const [name = "", , , ...options] = words;
  if (READS.has(name) || NO_WRITES.has(name)) return "needs no lock";
  if (WRITES.has(name)) return "needs the lock";
  if (name === "SET") {
    return options.some((option) => option?.toUpperCase() === "NX") ? "needs no lock" : "needs the lock";
  }
  const amount = AMOUNTS.get(name);
  if (amount === undefined) return "not understood";
  const added = Number(words[amount[0]] ?? Number.NaN) * amount[1];
  if (Number.isNaN(added)) return "not understood";
  return added < 0 ? "needs the lock" : "needs no lock";
}
