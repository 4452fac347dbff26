import { expect, test } from "vitest";
import { readLockLog } from "../../../src/checks/lock-log/read-log.ts";
import { mutualExclusion } from "../../../src/checks/mutual-exclusion.ts";
import { Wire, type At, judgeWire, lockKey, stockKey, wireCase } from "../../support/wires.ts";

const LOCK = lockKey({});
const STOCK = stockKey({});

/** An owner whose lease is over, while another has the lock. */
function late(write: (wire: Wire, at: At) => Wire): Wire {
  const wire = new Wire()
    .grant("a", { at: 0 }, 100)
    .refuse("b", { at: 50, server: 1 })
    .grant("b", { at: 150, server: 1 });
  return write(wire, { at: 160 }).free("b", { at: 200, server: 1 });
}

const verdictOf = (words: readonly string[]): string =>
  judgeWire(mutualExclusion, { wire: late((wire, at) => wire.send(words, 1, at)) }).verdict;

test.each([
  [["SETEX", STOCK, "60", "4"]],
  [["MSET", "sold", "3", STOCK, "4"]],
  [["INCRBYFLOAT", STOCK, "-1"]],
  [["INCRBY", STOCK, "-1"]],
  [["DECRBY", STOCK, "2"]],
  [["SETRANGE", STOCK, "0", "4"]],
  [["APPEND", STOCK, "4"]],
])("a late owner's write is a violation: %j", (words) => {
  expect(verdictOf(words)).toBe("fail");
});

test.each([
  [["GET", STOCK]],
  [["MGET", "sold", STOCK]],
  [["INCR", STOCK]],
  [["INCRBYFLOAT", STOCK, "1"]],
  [["SETNX", STOCK, "100"]],
  [["SET", STOCK, "100", "NX"]],
  [["EXPIRE", STOCK, "3600"]],
  [["SADD", "watched", STOCK]],
])("what only reads, gives back or lays down a first value needs no lock: %j", (words) => {
  expect(verdictOf(words)).toBe("pass");
});

test.each([
  ["DEL", ["DEL", STOCK]],
  ["BITFIELD", ["BITFIELD", STOCK, "INCRBY", "u8", "0", "-1"]],
  ["RENAME", ["RENAME", "stock:next", STOCK]],
  ["function take", ["FCALL", "take", "1", STOCK, "1"]],
])("a write that is not understood is named, not passed over: %s", (name, words) => {
  const { verdict, detail } = judgeWire(mutualExclusion, { wire: late((wire, at) => wire.send(words, 1, at)) });
  expect(verdict).toBe("inconclusive");
  expect(detail).toContain(name);
});

test.each([
  ["takes one by INCRBY -1", "return redis.call('INCRBY', KEYS[1], -1)", "fail"],
  ["takes some by INCRBY", "return redis.call('INCRBY', KEYS[1], 0 - ARGV[1])", "fail"],
  ["gives some back", "return redis.call('INCRBY', KEYS[1], ARGV[1])", "pass"],
  ["looks whether it is there", "return redis.call('STRLEN', KEYS[1])", "pass"],
  [
    "lays down a first value",
    "if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SET', KEYS[1], ARGV[1]) end return 1",
    "pass",
  ],
  ["takes it away", "return redis.call('DEL', KEYS[1])", "inconclusive"],
  ["adds nobody knows what", "return redis.call('INCRBY', KEYS[1], redis.call('GET', 'change'))", "inconclusive"],
])("a late owner's script that %s", (_, text, verdict) => {
  const wire = late((before, at) => before.script(text, [STOCK], ["2"], 1, at));
  expect(judgeWire(mutualExclusion, { wire }).verdict).toBe(verdict);
});

test("a script that nobody has read, on what a lock guards, is named", () => {
  const { verdict } = judgeWire(mutualExclusion, { wire: late((wire, at) => wire.unseen([STOCK], at)) });
  expect(verdict).toBe("inconclusive");
});

test.each([
  [
    "only looks whether there is a lock",
    "if redis.call('EXISTS', KEYS[2]) == 1 then return redis.call('DECR', KEYS[1]) end return 0",
    false,
  ],
  [
    "compares something else",
    "if redis.call('GET', KEYS[2]) and ARGV[1] == ARGV[2] then return redis.call('DECR', KEYS[1]) end return 0",
    false,
  ],
  [
    "compares the token",
    "if redis.call('GET', KEYS[2]) == ARGV[1] then return redis.call('DECR', KEYS[1]) end return 0",
    true,
  ],
  [
    "refuses another's token",
    "local o = redis.call('GET', KEYS[2])\nif o and o ~= ARGV[1] then return 0 end\nreturn redis.call('DECR', KEYS[1])",
    true,
  ],
])("a script that %s", (_, text, checksOwner) => {
  const wire = late((before, at) => before.script(text, [STOCK, LOCK], ["a", "a"], 4, at));
  expect(readLockLog(wire.log, wireCase({}).plan).writes).toMatchObject([{ token: "a", checksOwner, effect: "yes" }]);
  expect(judgeWire(mutualExclusion, { wire }).verdict).toBe(checksOwner ? "pass" : "fail");
});

test("a comparison that cannot be followed is named", () => {
  const text =
    "if cjson.decode(redis.call('GET', KEYS[2])).owner ~= ARGV[1] then return 0 end return redis.call('DECR', KEYS[1])";
  const wire = late((before, at) => before.script(text, [STOCK, LOCK], ["a"], 4, at));
  const { verdict, detail } = judgeWire(mutualExclusion, { wire });
  expect(verdict).toBe("inconclusive");
  expect(detail).toContain("compares lock:stock:p0");
});
