import { expect, test } from "vitest";
import { readLockLog } from "../../../src/checks/lock-log/read-log.ts";
import { Wire, lockKey, wireCase } from "../../support/wires.ts";

const LOCK = lockKey({});

/** The scripts of libraries in other languages, as they send them. */
const REDIS_PY = {
  release: `
        local token = redis.call('get', KEYS[1])
        if not token or token ~= ARGV[1] then
            return 0
        end
        redis.call('del', KEYS[1])
        return 1
    `,
  extend: `
        local token = redis.call('get', KEYS[1])
        if not token or token ~= ARGV[1] then
            return 0
        end
        local expiration = redis.call('pttl', KEYS[1])
        if not expiration then
            expiration = 0
        end
        if expiration < 0 then
            return 0
        end

        local newttl = ARGV[2]
        if ARGV[3] == "0" then
            newttl = ARGV[2] + expiration
        end
        redis.call('pexpire', KEYS[1], newttl)
        return 1
    `,
  reacquire: `
        local token = redis.call('get', KEYS[1])
        if not token or token ~= ARGV[1] then
            return 0
        end
        redis.call('pexpire', KEYS[1], ARGV[2])
        return 1
    `,
};
const REDSYNC = {
  delete: `
	local val = redis.call("GET", KEYS[1])
	if val == ARGV[1] then
		return redis.call("DEL", KEYS[1])
	elseif val == false then
		return -1
	else
		return 0
	end
`,
  touch: `
	if redis.call("GET", KEYS[1]) == ARGV[1] then
		return redis.call("PEXPIRE", KEYS[1], ARGV[2])
	else
		return 0
	end
`,
};
const SPRING = {
  obtain: `
local lockClientId = redis.call('GET', KEYS[1])
if lockClientId == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return true
elseif not lockClientId then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return true
end
return false
`,
  unlink: `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('UNLINK', KEYS[1])
  return true
end
return false
`,
};
const AIOREDLOCK = {
  set: `
    local identifier = redis.call('get', KEYS[1])
    if not identifier or identifier == ARGV[1] then
        return redis.call("set", KEYS[1], ARGV[1], 'PX', ARGV[2])
    else
        return redis.error_reply('ERROR')
    end
`,
  unset: `
    local identifier = redis.call('get', KEYS[1])
    if not identifier then
        return redis.status_reply('OK')
    elseif identifier == ARGV[1] then
        return redis.call("del", KEYS[1])
    else
        return redis.error_reply('ERROR')
    end
`,
};

test.each([
  ["redis-py", "release", REDIS_PY.release, 1],
  ["redis-py, as reacquire()", "extend", REDIS_PY.reacquire, 1],
  ["redsync", "release", REDSYNC.delete, 1],
  ["redsync", "extend", REDSYNC.touch, 1],
  ["Spring Integration", "acquire", SPRING.obtain, 1],
  ["Spring Integration", "release", SPRING.unlink, 1],
  ["aioredlock", "acquire", AIOREDLOCK.set, "OK"],
  ["aioredlock", "release", AIOREDLOCK.unset, 1],
])("%s is understood: %s", (_, deed, text, reply) => {
  const wire = new Wire().script(text, [LOCK], ["t", "500"], reply, { at: 1 });
  const { ops, opaque } = readLockLog(wire.log, wireCase({}).plan);
  expect(opaque).toEqual([]);
  expect(ops).toMatchObject([{ deed, effect: "yes", token: "t", compared: deed !== "acquire" }]);
});

test.each(["ERROR", "ERR ERROR"])("a script that answers with an error of its own (%s) has refused", (error) => {
  const wire = new Wire().script(AIOREDLOCK.set, [LOCK], ["t", "500"], { error }, { at: 1 });
  expect(readLockLog(wire.log, wireCase({}).plan).ops).toMatchObject([{ deed: "acquire", effect: "no" }]);
});

test("a script that broke off may have done its work before", () => {
  const error = "ERR user_script:7: attempt to index a nil value script: 12ab, on @user_script:7.";
  const wire = new Wire().script(AIOREDLOCK.set, [LOCK], ["t", "500"], { error }, { at: 1 });
  expect(readLockLog(wire.log, wireCase({}).plan).ops).toMatchObject([{ effect: "unknown" }]);
});

test("redis-py's extend() is understood where it replaces the lease; where it adds to it, only that it was refused", () => {
  const extended = (replace: "0" | "1", reply: number): unknown => {
    const wire = new Wire().script(REDIS_PY.extend, [LOCK], ["t", "500", replace], reply, { at: 1 });
    const { ops, opaque } = readLockLog(wire.log, wireCase({}).plan);
    return opaque[0] ?? ops.map(({ deed, effect, token, ttlMs }) => [deed, effect, token, ttlMs].join(" "))[0];
  };
  expect(extended("1", 1)).toBe("extend yes t 500");
  expect(extended("1", 0)).toBe("extend no t 500");
  expect(extended("0", 1)).toBe(
    `script "local token = redis.call('get', KEYS[1])" sends PEXPIRE on lock:stock:p0 with a lease that cannot be worked out`,
  );
  expect(extended("0", 0)).toBe("read yes t ");
});
