import { expect, test } from "vitest";
import { leakedLock } from "../../../src/checks/leaked-lock.ts";
import { readLockLog } from "../../../src/checks/lock-log/read-log.ts";
import { mutualExclusion } from "../../../src/checks/mutual-exclusion.ts";
import { Wire, judgeWire, lockKey, stockKey, wireCase } from "../../support/wires.ts";

const LOCK = lockKey({});
const STOCK = stockKey({});

/** A shop that takes with SET NX and gives up by a script that is told the stock's key, not the lock's. */
const FREE_BY_STOCK = `local lock = 'lock:' .. KEYS[1]
if redis.call('GET', lock) == ARGV[1] then return redis.call('DEL', lock) end
return 0`;

function twoTurns(text: string): Wire {
  return new Wire()
    .send(["SET", LOCK, "a", "NX", "PX", "1000"], "OK", { at: 0 })
    .send(["SET", LOCK, "b", "NX", "PX", "1000"], null, { at: 5, server: 1 })
    .script(text, [STOCK], ["a"], 1, { at: 10 })
    .send(["SET", LOCK, "b", "NX", "PX", "1000"], "OK", { at: 20, server: 1 })
    .script(text, [STOCK], ["b"], 1, { at: 30, server: 1 });
}

test.each([
  ["a name put together", FREE_BY_STOCK],
  ["string.format", FREE_BY_STOCK.replace("'lock:' .. KEYS[1]", "string.format('lock:%s', KEYS[1])")],
  ["table.concat", FREE_BY_STOCK.replace("'lock:' .. KEYS[1]", "table.concat({'lock', KEYS[1]}, ':')")],
])("a lock that a script finds by %s is given up by it", (_, text) => {
  expect(judgeWire(mutualExclusion, { wire: twoTurns(text) }).verdict).toBe("pass");
  expect(judgeWire(leakedLock, { wire: twoTurns(text) }).verdict).toBe("pass");
});

test("a script that only looks at a lock whose name it puts together gives nothing up", () => {
  const looks = "return redis.call('EXISTS', 'lock:' .. KEYS[1])";
  expect(judgeWire(leakedLock, { wire: twoTurns(looks) }).verdict).toBe("fail");
});

test.each([
  ["what another key holds", "return redis.call('DEL', redis.call('GET', 'name:' .. KEYS[1]))"],
  ["what a function makes of it", "return redis.call('DEL', string.lower(ARGV[1]))"],
  ["a structure", "return redis.call('DEL', cjson.decode(ARGV[1]).lock)"],
])("a key that is %s cannot be worked out, and the checks say which script it was", (_, text) => {
  const { verdict, detail } = judgeWire(leakedLock, { wire: twoTurns(text) });
  expect(verdict).toBe("inconclusive");
  expect(detail).toContain(text.slice(0, 40));
  expect(detail).toContain("DEL with a key that cannot be worked out");
});

test("a key of which enough is known to see that it is no lock is let be", () => {
  const opaqueOf = (prefix: string): readonly string[] => {
    const text = `return redis.call('SET', '${prefix}' .. redis.call('GET', 'name'), ARGV[1])`;
    const wire = twoTurns(FREE_BY_STOCK).script(text, [STOCK], ["1"], "OK", { at: 40 });
    return readLockLog(wire.log, wireCase({}).plan).opaque;
  };
  expect(opaqueOf("seen:")).toEqual([]);
  expect(opaqueOf("lock:")).toHaveLength(1);
});

test("a script that cannot be followed is not understood where it may touch a lock", () => {
  const text = "local ok = pcall(function() redis.call('DEL', 'lock:' .. KEYS[1]) end)\nreturn 1";
  const { opaque } = readLockLog(twoTurns(text).log, wireCase({}).plan);
  expect(opaque[0]).toContain("uses pcall");
});

test.each([
  ["PXAT", "redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PXAT', ARGV[2])"],
  ["EXAT", "redis.call('SET', KEYS[1], ARGV[1], 'EXAT', ARGV[2], 'NX')"],
  ["KEEPTTL", "redis.call('SET', KEYS[1], ARGV[1], 'NX', 'KEEPTTL')"],
])("a lease that is given as %s is not taken for an endless one", (option, call) => {
  const text = `if ${call} then return 1 end return 0`;
  const wire = new Wire()
    .script(text, [LOCK], ["a", "1700000000000"], 1, { at: 0 })
    .script(text, [LOCK], ["b", "1700000000000"], 0, { at: 50, server: 1 })
    .grant("b", { at: 200, server: 1 })
    .free("b", { at: 210, server: 1 });
  const { verdict, detail } = judgeWire(mutualExclusion, { wire });
  expect(verdict).toBe("inconclusive");
  expect(detail).toContain(`redis.call('SET', KEYS[1], ARGV[1]`);
  expect(option).toMatch(/AT|KEEP/);
});

/** rueidislock 1.0: the time at which the lease ends comes as an argument. */
const RUEIDISLOCK = `local r = redis.call("SET",KEYS[1],ARGV[1],"NX","PXAT",ARGV[2]) if r == false then return redis.call("GET",KEYS[1]) end return r`;

test("the lock of rueidis ends by the wall clock: the checks say so", () => {
  const wire = new Wire().script(RUEIDISLOCK, [LOCK], ["a", "1700000000000"], "OK", { at: 0 });
  expect(readLockLog(wire.log, wireCase({}).plan).opaque[0]).toContain('"PXAT"');
});

test("a lease whose unit is an argument is the lease that it is", () => {
  const text = "return redis.call('SET', KEYS[1], ARGV[1], 'NX', ARGV[2], ARGV[3])";
  const taken = (unit: string): unknown => {
    const wire = new Wire().script(text, [LOCK], ["a", unit, "20"], "OK", { at: 0 });
    const { ops, opaque } = readLockLog(wire.log, wireCase({}).plan);
    return ops.map(({ deed, effect, ttlMs }) => [deed, effect, ttlMs])[0] ?? opaque.length;
  };
  expect([taken("PX"), taken("ex"), taken("PXAT")]).toEqual([["acquire", "yes", 20], ["acquire", "yes", 20_000], 1]);
});

test("an owner whose lease in milliseconds was an argument may lose it, and the next one may have it", () => {
  const text = "return redis.call('SET', KEYS[1], ARGV[1], 'NX', ARGV[2], ARGV[3])";
  const wire = (lease: string): Wire =>
    new Wire()
      .script(text, [LOCK], ["a", "PX", lease], "OK", { at: 0 })
      .script(text, [LOCK], ["b", "PX", "100"], null, { at: 50, server: 1 })
      .script(text, [LOCK], ["b", "PX", "100"], "OK", { at: 150, server: 1 })
      .free("b", { at: 200, server: 1 });
  expect(judgeWire(mutualExclusion, { wire: wire("100") }).verdict).toBe("pass");
  expect(judgeWire(mutualExclusion, { wire: wire("1000") }).verdict).toBe("fail");
});

test("a value that is spelled like a lock is no lock", () => {
  const wire = new Wire()
    .grant("a", { at: 0 })
    .refuse("b", { at: 2, server: 1 })
    .send(["SET", "lock:last", LOCK], "OK", { at: 5, server: 1 })
    .send(["SADD", "lock:all", LOCK], 1, { at: 6, server: 1 })
    .send(["PUBLISH", "freed", LOCK], 1, { at: 7, server: 1 })
    .free("a", { at: 10 })
    .grant("b", { at: 20, server: 1 })
    .free("b", { at: 30, server: 1 });
  expect(readLockLog(wire.log, wireCase({}).plan).opaque).toEqual([]);
  expect(judgeWire(mutualExclusion, { wire }).verdict).toBe("pass");
});

test("every key of a command that takes several is looked at", () => {
  const wire = new Wire().grant("a", { at: 0 }).send(["DEL", "other", LOCK], 2, { at: 5 });
  expect(readLockLog(wire.log, wireCase({}).plan).ops[1]).toMatchObject({ deed: "release", key: LOCK });
});

test("a command that nobody knows, with a lock among its words, is not understood", () => {
  const wire = new Wire().send(["LOCKWISE", "x", LOCK], 1, { at: 0 });
  expect(readLockLog(wire.log, wireCase({}).plan).opaque).toEqual([`command LOCKWISE on ${LOCK}`]);
});
