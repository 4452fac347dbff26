import { script } from "../redis/script.ts";

/**
 * KEYS: lock, fence, stock, version, quarantine. ARGV: token, lease in ms.
 * → {1, units, record, fencing token} or {0, why not}. A node without the stock
 * has forgotten it, and with it perhaps whom it granted the lock: it does not count.
 */
export const ACQUIRE = script(`
local units = redis.call('GET', KEYS[3])
if not units then return {0, 'empty'} end
if redis.call('EXISTS', KEYS[5]) == 1 then return {0, 'quarantined'} end
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {0, 'held'} end
return {1, units, redis.call('GET', KEYS[4]) or '', redis.call('INCR', KEYS[2])}`);

/**
 * What ACQUIRE tells, for a lock that somebody else has acquired for us.
 * KEYS: lock, fence, stock, version, quarantine. ARGV: token.
 * → {'ours', units, record, fencing token} or {why not}
 */
export const LOOK = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'held'} end
local units = redis.call('GET', KEYS[3])
if not units then return {'empty'} end
if redis.call('EXISTS', KEYS[5]) == 1 then return {'quarantined'} end
return {'ours', units, redis.call('GET', KEYS[4]) or '', redis.call('INCR', KEYS[2])}`);

/** KEYS: lock, fence, stock, version, quarantine. → {units, record}, each '' when it is missing. */
export const PEEK = script("return {redis.call('GET', KEYS[3]) or '', redis.call('GET', KEYS[4]) or ''}");

/**
 * KEYS for each line: lock, fence, stock, version, quarantine.
 * ARGV: token, quarantine in ms for a node that was empty (0: none), then for
 * each line: units, record, fencing token, basis, the record that the writer
 * saw on this node ('?': none).
 * A node refuses whoever does not know what it knows: its record must be the
 * one that was seen, or no newer than the basis. Everything is looked at before
 * anything is changed, so that a basket is written whole or not at all.
 */
export const WRITE = script(`
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
  if tonumber(redis.call('GET', KEYS[key + 2]) or 0) < tonumber(ARGV[arg + 3]) then
    redis.call('SET', KEYS[key + 2], ARGV[arg + 3])
  end
end
return 'written'`);

/** KEYS: lock, fence. ARGV: token, the least that the fence must be. Deletes the lock if it is ours. */
export const RELEASE = script(`
if tonumber(redis.call('GET', KEYS[2]) or 0) < tonumber(ARGV[2]) then redis.call('SET', KEYS[2], ARGV[2]) end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`);
