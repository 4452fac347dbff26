import { expect, test } from "vitest";
import { readLockLog } from "../../../src/checks/lock-log/read-log.ts";
import { Wire, lockKey, stockKey, wireCase } from "../../support/wires.ts";

/** redlock 4.2 and 5.0.0-beta.2 (node-redlock) have the same scripts. */
const NODE_REDLOCK = {
  lock: `
	-- Return 0 if an entry already exists.
	for i, key in ipairs(KEYS) do
		if redis.call("exists", key) == 1 then
			return 0
		end
	end

	-- Create an entry for each provided key.
	for i, key in ipairs(KEYS) do
		redis.call("set", key, ARGV[1], "PX", ARGV[2])
	end

	-- Return the number of entries added.
	return #KEYS
`,
  unlock: `
	local count = 0
	for i, key in ipairs(KEYS) do
		-- Only remove entries for *this* lock value.
		if redis.call("get", key) == ARGV[1] then
			redis.pcall("del", key)
			count = count + 1
		end
	end

	-- Return the number of entries removed.
	return count
`,
  extend: `
	-- Return 0 if an entry exists with a *different* lock value.
	for i, key in ipairs(KEYS) do
		if redis.call("get", key) ~= ARGV[1] then
			return 0
		end
	end

	-- Update the entry for each provided key.
	for i, key in ipairs(KEYS) do
		redis.call("set", key, ARGV[1], "PX", ARGV[2])
	end

	-- Return the number of entries updated.
	return #KEYS
`,
};

/** @sesamecare-oss/redlock 1.4 puts the database before the token. */
const SELECT =
  '\n  -- Protected call to execute SELECT command if supported\n  redis.pcall("SELECT", tonumber(ARGV[1]))\n';
const SESAME = {
  lock: SELECT + NODE_REDLOCK.lock.replace("ARGV[2]", "ARGV[3]").replace("ARGV[1]", "ARGV[2]"),
  unlock: SELECT + NODE_REDLOCK.unlock.replace("ARGV[1]", "ARGV[2]"),
  extend: SELECT + NODE_REDLOCK.extend.replaceAll("ARGV[2]", "ARGV[3]").replaceAll("ARGV[1]", "ARGV[2]"),
};

/** redis-semaphore 5: Mutex and RedlockMutex take with SET NX PX, and have these two. */
const SEMAPHORE = {
  extend: `
  local key = KEYS[1]
  local identifier = ARGV[1]
  local lockTimeout = ARGV[2]

  local value = redis.call('get', key)

  if value == identifier then
    redis.call('pexpire', key, lockTimeout)
    return 1
  end

  return 0
  `,
  unlock: `
  local key = KEYS[1]
  local identifier = ARGV[1]

  if redis.call('get', key) == identifier then
    return redis.call('del', key)
  end

  return 0
  `,
};

/** The bundled server's spin lock. */
const SPIN = {
  lock: `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
return redis.call('INCR', KEYS[2])`,
  unlock: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`,
};

/** The bundled server's own Redlock: lock, fence, stock, version, quarantine. */
const REDLOCK = {
  lock: `
local units = redis.call('GET', KEYS[3])
if not units then return {0, 'empty'} end
if redis.call('EXISTS', KEYS[5]) == 1 then return {0, 'quarantined'} end
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {0, 'held'} end
return {1, units, redis.call('GET', KEYS[4]) or '', redis.call('INCR', KEYS[2])}`,
  write: `
for line = 0, #KEYS / 5 - 1 do
  local key, arg = line * 5, line * 5 + 2
  local owner = redis.call('GET', KEYS[key + 1])
  if owner and owner ~= ARGV[1] then return 'not_owner' end
  local record = redis.call('GET', KEYS[key + 4]) or ''
  local version = tonumber(string.match(record, '^%d+') or 0)
  if record ~= ARGV[arg + 5] and version > tonumber(ARGV[arg + 4]) then return 'stale' end
end
for line = 0, #KEYS / 5 - 1 do
  local key, arg = line * 5, line * 5 + 2
  if ARGV[2] ~= '0' and redis.call('EXISTS', KEYS[key + 3]) == 0 then
    redis.call('SET', KEYS[key + 5], ARGV[1], 'PX', ARGV[2])
  end
  redis.call('SET', KEYS[key + 3], ARGV[arg + 1])
  redis.call('SET', KEYS[key + 4], ARGV[arg + 2])
end
return 'written'`,
  unlock: `
if tonumber(redis.call('GET', KEYS[2]) or 0) < tonumber(ARGV[2]) then redis.call('SET', KEYS[2], ARGV[2]) end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`,
};

const [A, B] = [lockKey({ product: 0 }), lockKey({ product: 1 })];
const STOCK = [5, 5];

function opsOf(text: string, keys: string[], args: string[], reply: number): object[] {
  const { plan } = wireCase({ stock: STOCK });
  const { ops, opaque } = readLockLog(new Wire().script(text, keys, args, reply, { at: 1 }).log, plan);
  expect(opaque).toEqual([]);
  return ops.map(({ deed, effect, key, token, ttlMs, compared }) => ({ deed, effect, key, token, ttlMs, compared }));
}

test.each([
  ["node-redlock", NODE_REDLOCK.lock, [A], ["t", "500"]],
  ["sesamecare redlock", SESAME.lock, [A], ["0", "t", "500"]],
  ["the spin lock", SPIN.lock, [A, `fence:${A}`], ["t", "500"]],
])("%s takes a lock with its token and its lease", (_, text, keys, args) => {
  const op = { deed: "acquire", key: A, token: "t", ttlMs: 500, compared: false };
  expect(opsOf(text, keys, args, 1)).toEqual([{ ...op, effect: "yes" }]);
  expect(opsOf(text, keys, args, 0)).toEqual([{ ...op, effect: "no" }]);
});

test.each([
  ["node-redlock", NODE_REDLOCK.unlock, ["t"]],
  ["redis-semaphore", SEMAPHORE.unlock, ["t"]],
  ["the spin lock", SPIN.unlock, ["t"]],
])("%s gives up its own lock only", (_, text, args) => {
  const op = { deed: "release", key: A, token: "t", ttlMs: null, compared: true };
  expect(opsOf(text, [A], args, 1)).toEqual([{ ...op, effect: "yes" }]);
  expect(opsOf(text, [A], args, 0)).toEqual([{ ...op, effect: "no" }]);
});

test.each([
  ["node-redlock", NODE_REDLOCK.extend],
  ["redis-semaphore", SEMAPHORE.extend],
])("%s extends its own lock only", (_, text) => {
  const op = { deed: "extend", effect: "yes", key: A, token: "t", ttlMs: 500, compared: true };
  expect(opsOf(text, [A], ["t", "500"], 1)).toEqual([op]);
});

test("the bundled Redlock takes, writes and gives up, and its write is its owner's", () => {
  const keys = [0, 1].flatMap((product) => [lockKey({ product }), "f", stockKey({ product }), "v", "q"]);
  const five = keys.slice(0, 5);
  const write = ["t", "0", "4", "2 - -", "2", "1", "?", "4", "2 - -", "2", "1", "?"];
  const wire = new Wire()
    .script(REDLOCK.lock, five, ["t", "500"], [1, "5", "", 1], { at: 1 })
    .script(REDLOCK.lock, five, ["u", "500"], [0, "held"], { at: 2 })
    .script(REDLOCK.write, keys, write, "written", { at: 3 })
    .script(REDLOCK.write, keys, write, "not_owner", { at: 4 })
    .script(REDLOCK.unlock, five.slice(0, 2), ["t", "2"], 1, { at: 5 });
  const { ops, writes, opaque } = readLockLog(wire.log, wireCase({ stock: STOCK }).plan);
  expect(opaque).toEqual([]);
  const shown = ops.map(({ deed, effect, token, ttlMs }) => [deed, effect, token, ttlMs].join(" "));
  expect(shown.filter((line) => !line.startsWith("read"))).toEqual([
    "acquire yes t 500",
    "acquire no u 500",
    "release yes t ",
  ]);
  expect(writes.map(({ product, effect, checksOwner }) => [product, effect, checksOwner])).toEqual([
    [0, "yes", true],
    [1, "yes", true],
    [0, "no", true],
    [1, "no", true],
  ]);
});

test("a token that does not come first is known from where the lock was taken", () => {
  const { plan } = wireCase({});
  const wire = new Wire()
    .script(SESAME.lock, [A], ["0", "t", "500"], 1, { at: 1 })
    .script(SESAME.extend, [A], ["0", "t", "500"], 1, { at: 2 })
    .script(SESAME.unlock, [A], ["0", "t"], 1, { at: 3 });
  const { ops } = readLockLog(wire.log, plan);
  expect(ops.map(({ deed, token }) => `${deed} ${token ?? ""}`)).toEqual(["acquire t", "extend t", "release t"]);
});

test("several resources in one script are an operation each", () => {
  const both = opsOf(NODE_REDLOCK.lock, [A, B], ["t", "500"], 2);
  expect(both).toMatchObject([
    { key: A, deed: "acquire" },
    { key: B, deed: "acquire" },
  ]);
});

test("a script that looks at the lock and writes what it guards is a write, not an extension", () => {
  const take = `
for line = 1, #KEYS / 3 do
  local at, token = line * 3 - 2, ARGV[line * 2]
  if redis.call('GET', KEYS[at + 2]) ~= token then return 0 end
  redis.call('SET', KEYS[at], ARGV[line * 2 - 1])
end
return 1`;
  const { plan } = wireCase({ stock: STOCK });
  const keys = [0, 1].flatMap((product) => [stockKey({ product }), `version:${String(product)}`, lockKey({ product })]);
  const wire = new Wire().grant("t", { at: 0 }).script(take, keys, ["4", "t", "3", "t"], 1, { at: 1 });
  const { ops, writes, opaque } = readLockLog(wire.log, plan);
  expect(opaque).toEqual([]);
  expect(ops.map(({ deed }) => deed)).toEqual(["acquire", "read", "read"]);
  expect(writes.map(({ product, token, checksOwner, effect }) => ({ product, token, checksOwner, effect }))).toEqual([
    { product: 0, token: "t", checksOwner: true, effect: "yes" },
    { product: 1, token: null, checksOwner: true, effect: "yes" },
  ]);
});

test.each([
  [
    "a queue that hands the lock on",
    "local next = redis.call('LPOP', KEYS[2])\nredis.call('SET', KEYS[1], next, 'PX', ARGV[2])\nreturn 1",
  ],
  ["a hash", "redis.call('hincrby', KEYS[1], ARGV[1], 1)\nreturn 1"],
  ["a command that is computed", "return redis.call(ARGV[2], KEYS[1], ARGV[1])"],
  [
    "a key that cannot be worked out",
    "redis.call('set', KEYS[tonumber(redis.call('get', 'x'))], ARGV[1], 'NX', 'PX', ARGV[2])\nreturn 1",
  ],
])("%s is not understood", (_, text) => {
  const wire = new Wire().script(text, [A, "queue"], ["SET", "500"], 1, { at: 1 });
  expect(readLockLog(wire.log, wireCase({}).plan).opaque).toHaveLength(1);
});

test.each<[string, string[], string | number | null, object]>([
  ["SET NX PX", ["SET", A, "t", "PX", "500", "NX"], "OK", { deed: "acquire", effect: "yes", token: "t", ttlMs: 500 }],
  ["SET NX EX, refused", ["SET", A, "t", "nx", "ex", "2"], null, { deed: "acquire", effect: "no", ttlMs: 2000 }],
  ["SETNX", ["SETNX", A, "t"], 1, { deed: "acquire", effect: "yes", token: "t", ttlMs: null }],
  ["SET without NX", ["SET", A, "t", "PX", "500"], "OK", { deed: "overwrite", effect: "yes", token: "t" }],
  ["DEL", ["DEL", A], 1, { deed: "release", effect: "yes", token: null, compared: false }],
  ["DEL of nothing", ["UNLINK", A], 0, { deed: "release", effect: "no" }],
  ["GETDEL", ["GETDEL", A], "t", { deed: "release", effect: "yes", found: "t" }],
  ["DELEX", ["DELEX", A, "IFEQ", "t"], 1, { deed: "release", effect: "yes", token: "t", compared: true }],
  ["PEXPIRE", ["PEXPIRE", A, "500"], 1, { deed: "extend", effect: "yes", ttlMs: 500, compared: false }],
  ["GET", ["GET", A], "t", { deed: "read", found: "t" }],
])("%s is understood", (_, words, reply, op) => {
  const { plan } = wireCase({});
  expect(readLockLog(new Wire().send(words, reply, { at: 1 }).log, plan).ops).toMatchObject([op]);
});

test("what was never passed on had no effect, and what was not answered may have had one", () => {
  const { plan } = wireCase({});
  const wire = new Wire()
    .grant("a", { at: 1, lost: "held back" })
    .grant("b", { at: 2, lost: "no reply" })
    .grant("c", { at: 3, lost: "reply" })
    .send(["EVALSHA", "x", "0"], { error: "NOSCRIPT No matching script" }, { at: 4 });
  expect(readLockLog(wire.log, plan).ops.map(({ effect }) => effect)).toEqual(["no", "unknown", "yes"]);
});
