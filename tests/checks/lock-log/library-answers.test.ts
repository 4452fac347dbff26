import { expect, test } from "vitest";
import type { WireReply } from "../../../src/domain/wire.ts";
import { foreignRelease } from "../../../src/checks/foreign-release.ts";
import { readLockLog } from "../../../src/checks/lock-log/read-log.ts";
import { mutualExclusion } from "../../../src/checks/mutual-exclusion.ts";
import { Wire, judgeWire, lockKey, stockKey, wireCase } from "../../support/wires.ts";

const LOCK = lockKey({});
const SIGNAL = "lock-signal:p0";

/** python-redis-lock 3.7 answers 0 when it has done something. */
const PYTHON_REDIS_LOCK = {
  unlock: `
    if redis.call("get", KEYS[1]) ~= ARGV[1] then
        return 1
    else
        redis.call("del", KEYS[2])
        redis.call("lpush", KEYS[2], 1)
        redis.call("pexpire", KEYS[2], ARGV[2])
        redis.call("del", KEYS[1])
        return 0
    end
`,
  extend: `
    if redis.call("get", KEYS[1]) ~= ARGV[1] then
        return 1
    elseif redis.call("ttl", KEYS[1]) < 0 then
        return 2
    else
        redis.call("expire", KEYS[1], ARGV[2])
        return 0
    end
`,
  reset: `
    redis.call('del', KEYS[2])
    redis.call('lpush', KEYS[2], 1)
    redis.call('pexpire', KEYS[2], ARGV[2])
    return redis.call('del', KEYS[1])
`,
};
/** Redisson's way to answer: nothing for taken, the time left for refused. Its own locks are hashes, and not understood. */
const TAKEN_IS_NIL = `if (redis.call('set', KEYS[1], ARGV[2], 'NX', 'PX', ARGV[1])) then
return nil;
end;
return redis.call('pttl', KEYS[1]);`;
const REDISSON = `if ((redis.call('exists', KEYS[1]) == 0) or (redis.call('hexists', KEYS[1], ARGV[2]) == 1)) then redis.call('hincrby', KEYS[1], ARGV[2], 1); redis.call('pexpire', KEYS[1], ARGV[1]); return nil; end; return redis.call('pttl', KEYS[1]);`;
/** The fence of a stock: a stale token is told so by 2. */
const FENCED = `local last = tonumber(redis.call('GET', KEYS[2]) or '0')
if last > tonumber(ARGV[1]) then
  return 2
end
redis.call('SET', KEYS[2], ARGV[1])
redis.call('DECRBY', KEYS[1], ARGV[2])
return 1`;

function opsOf(text: string, keys: string[], args: string[], reply: WireReply): unknown {
  const { ops, opaque } = readLockLog(new Wire().script(text, keys, args, reply, { at: 1 }).log, wireCase({}).plan);
  expect(opaque).toEqual([]);
  return ops.map(({ deed, effect, token, ttlMs }) => `${deed} ${effect} ${token ?? "?"} ${String(ttlMs)}`);
}

test.each([
  ["unlock", PYTHON_REDIS_LOCK.unlock, ["t", "100"], 0, "release yes t null"],
  ["unlock, not its own", PYTHON_REDIS_LOCK.unlock, ["t", "100"], 1, "release no t null"],
  ["extend", PYTHON_REDIS_LOCK.extend, ["t", "2"], 0, "extend yes t 2000"],
  ["extend, not its own", PYTHON_REDIS_LOCK.extend, ["t", "2"], 1, "extend no t 2000"],
  ["extend, for ever", PYTHON_REDIS_LOCK.extend, ["t", "2"], 2, "extend no t 2000"],
  ["reset", PYTHON_REDIS_LOCK.reset, ["", "100"], 1, "release yes ? null"],
])("python-redis-lock answers 0 for done: %s", (_, text, args, reply, op) => {
  expect(opsOf(text, [LOCK, SIGNAL], args, reply)).toEqual([op]);
});

test("a lock that is refused by the time left is refused", () => {
  expect(opsOf(TAKEN_IS_NIL, [LOCK], ["500", "t"], null)).toEqual(["acquire yes t 500"]);
  expect(opsOf(TAKEN_IS_NIL, [LOCK], ["500", "t"], 420)).toEqual(["acquire no t 500"]);
});

test("two owners of whom one was told the time left do not overlap, and two who were told nothing do", () => {
  const turns = (second: WireReply): Wire =>
    new Wire()
      .script(TAKEN_IS_NIL, [LOCK], ["500", "a"], null, { at: 0 })
      .script(TAKEN_IS_NIL, [LOCK], ["500", "b"], second, { at: 10, server: 1 })
      .script(TAKEN_IS_NIL, [LOCK], ["500", "b"], 460, { at: 40, server: 1 })
      .free("a", { at: 50 })
      .script(TAKEN_IS_NIL, [LOCK], ["500", "b"], null, { at: 60, server: 1 })
      .free("b", { at: 90, server: 1 });
  expect(judgeWire(mutualExclusion, { wire: turns(490) }).verdict).toBe("pass");
  expect(judgeWire(mutualExclusion, { wire: turns(null) }).verdict).toBe("fail");
});

test("Redisson's own locks are hashes: the checks say so instead of guessing", () => {
  const wire = new Wire().script(REDISSON, [LOCK], ["500", "id:1"], null, { at: 0 });
  const { verdict, detail } = judgeWire(mutualExclusion, { wire });
  expect(verdict).toBe("inconclusive");
  expect(detail).toContain("redis.call('exists', KEYS[1])");
  expect(detail).toContain("HINCRBY");
});

test("an extension that was refused does not lengthen a lease: the next owner is a lawful one", () => {
  const { extend, unlock } = PYTHON_REDIS_LOCK;
  const wire = new Wire()
    .grant("a", { at: 0 }, 100)
    .refuse("b", { at: 50, server: 1 })
    .grant("b", { at: 150, server: 1 })
    .script(extend, [LOCK, SIGNAL], ["a", "2"], 1, { at: 160 })
    .script(unlock, [LOCK, SIGNAL], ["b", "100"], 0, { at: 200, server: 1 });
  expect(judgeWire(mutualExclusion, { wire }).verdict).toBe("pass");
  expect(judgeWire(foreignRelease, { wire }).verdict).toBe("pass");
});

test("an extension that had its effect keeps the lock: whoever is granted it meanwhile is one too many", () => {
  const wire = new Wire()
    .grant("a", { at: 0 }, 100)
    .refuse("b", { at: 50, server: 1 })
    .script(PYTHON_REDIS_LOCK.extend, [LOCK, SIGNAL], ["a", "2"], 0, { at: 60 })
    .grant("b", { at: 150, server: 1 })
    .free("b", { at: 200, server: 1 });
  expect(judgeWire(mutualExclusion, { wire }).verdict).toBe("fail");
});

test.each([
  [2, "pass"],
  [1, "fail"],
])("a fenced write of an owner whose lease is over, answered %i", (reply, verdict) => {
  const wire = new Wire()
    .grant("a", { at: 0 }, 100)
    .refuse("b", { at: 50, server: 1 })
    .grant("b", { at: 150, server: 1 })
    .script(FENCED, [stockKey({}), "fence:p0"], ["1", "1"], reply, { at: 160 })
    .free("b", { at: 200, server: 1 });
  expect(judgeWire(mutualExclusion, { wire }).verdict).toBe(verdict);
});

test("a script that deletes blindly and answers nothing may have deleted another's lock", () => {
  const blind = "redis.call('DEL', KEYS[1])";
  const wire = new Wire()
    .grant("b", { at: 0 })
    .free("b", { at: 5 })
    .grant("a", { at: 10 })
    .script(blind, [LOCK], [], null, { at: 20, server: 1 });
  const { verdict, detail } = judgeWire(foreignRelease, { wire });
  expect(verdict).toBe("inconclusive");
  expect(detail).toContain("does not say by its answer");
});

test("what a script answered that it cannot have answered is not understood", () => {
  const wire = new Wire().script(PYTHON_REDIS_LOCK.unlock, [LOCK, SIGNAL], ["t", "100"], 7, { at: 0 });
  expect(readLockLog(wire.log, wireCase({}).plan).opaque).toEqual([
    'script "if redis.call("get", KEYS[1]) ~= ARGV[1] then" was answered 7, and nothing in it answers so',
  ]);
});
