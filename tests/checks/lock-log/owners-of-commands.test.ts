import { expect, test } from "vitest";
import { foreignRelease } from "../../../src/checks/foreign-release.ts";
import { readLockLog } from "../../../src/checks/lock-log/read-log.ts";
import { mutualExclusion } from "../../../src/checks/mutual-exclusion.ts";
import { Wire, judgeWire, lockKey, stockKey, wireCase } from "../../support/wires.ts";

const LOCK = lockKey({});

test("a token that is a number is not mistaken for the number of keys", () => {
  const wire = new Wire().grant("1", { at: 1 }).free("1", { at: 2 }).grant("7", { at: 3 }).free("7", { at: 4 });
  const { ops } = readLockLog(wire.log, wireCase({}).plan);
  expect(ops.map(({ deed, token }) => `${deed} ${token ?? ""}`)).toEqual([
    "acquire 1",
    "release 1",
    "acquire 7",
    "release 7",
  ]);
});

test("a stock that is written as a number is not mistaken for the work of whoever has that number for a token", () => {
  const wire = new Wire()
    .grant("4", { at: 0 })
    .refuse("5", { at: 1, server: 1 })
    .set("5", { at: 2 })
    .free("4", { at: 3 })
    .grant("5", { at: 4, server: 1 })
    .set("4", { at: 5, server: 1 })
    .free("5", { at: 6, server: 1 });
  expect(judgeWire(mutualExclusion, { wire }).verdict).toBe("pass");
});

test("a token that could be any of several arguments names no owner of a write", () => {
  const text =
    "if redis.call('GET', KEYS[2]) ~= ARGV[2] then return 0 end redis.call('SET', KEYS[1], ARGV[1]) return 1";
  const wire = new Wire()
    .grant("5", { at: 0 })
    .free("5", { at: 1 })
    .grant("6", { at: 2 })
    .script(text, [stockKey({}), LOCK], ["5", "6"], 1, { at: 3 });
  const { writes } = readLockLog(wire.log, wireCase({}).plan);
  expect(writes.map(({ token }) => token)).toEqual(["6"]);
});

test.each([
  [
    "looks only whether there is a lock",
    "if redis.call('GET', KEYS[1]) then return redis.call('DEL', KEYS[1]) end return 0",
  ],
  [
    "is given the token and does not compare it",
    "local held = redis.call('GET', KEYS[1])\nif held ~= false then return redis.call('DEL', KEYS[1]) end\nreturn ARGV[1]",
  ],
])("a script that %s gives up whatever is there", (_, text) => {
  const wire = new Wire()
    .grant("a", { at: 0 }, 100)
    .grant("b", { at: 150, server: 1 })
    .script(text, [LOCK], ["a"], 1, { at: 160 })
    .grant("c", { at: 170 })
    .free("b", { at: 200, server: 1 }, 0);
  const { ops } = readLockLog(wire.log, wireCase({}).plan);
  expect(ops.find(({ deed }) => deed === "release")?.compared).toBe(false);
  expect(judgeWire(foreignRelease, { wire }).verdict).toBe("fail");
});

test.each([
  ["puts a lock's name together", `local key = "lock:stock:" .. ARGV[1]\nreturn redis.call("DEL", key)`],
  ["says a lock's name outright", "return redis.call('del', 'lock:stock:p0')"],
])("a script that %s is understood by what it is given", (_, text) => {
  const wire = new Wire().grant("a", { at: 0 }).script(text, [], ["p0"], 1, { at: 1 });
  const { opaque, ops } = readLockLog(wire.log, wireCase({}).plan);
  expect(opaque).toEqual([]);
  expect(ops[1]).toMatchObject({ deed: "release", key: LOCK, compared: false, effect: "yes" });
});

test("a script that puts together other names than those of locks is let be", () => {
  const text = `return redis.call("INCR", "stock:" .. ARGV[1])`;
  const { opaque } = readLockLog(new Wire().script(text, [], ["p0"], 1, { at: 1 }).log, wireCase({}).plan);
  expect(opaque).toEqual([]);
});

test("a script that is given its lock and speaks of locks in words is understood", () => {
  const text = `if redis.call("GET", KEYS[1]) ~= ARGV[1] then return {err = "lock:stock: not yours"} end
return redis.call("DEL", KEYS[1])`;
  const { opaque, ops } = readLockLog(new Wire().script(text, [LOCK], ["a"], 1, { at: 1 }).log, wireCase({}).plan);
  expect(opaque).toEqual([]);
  expect(ops).toMatchObject([{ deed: "release", compared: true, token: "a" }]);
});

test("where nothing touched a lock key, it is said which, and what may be the reason", () => {
  const { verdict, detail } = judgeWire(mutualExclusion, { wire: new Wire().set("4", { at: 1 }) });
  expect(verdict).toBe("inconclusive");
  expect(detail).toContain('nothing named "lock:stock:p0"');
  expect(detail).toContain("${redis.url}");
});
