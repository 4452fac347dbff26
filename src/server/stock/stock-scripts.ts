import { script } from "../redis/script.ts";

/**
 * KEYS per line: stock, pending, lock, fence.
 * ARGV: sale, key, "enough" or "", then per line: quantity, token ("" for no lock).
 * Everything is looked at before anything is changed, so that a basket is taken whole or not at all.
 */
export const TAKE = script(`
local least = -1
for line = 1, #KEYS / 4 do
  local at, quantity, token = line * 4 - 3, tonumber(ARGV[line * 2 + 2]), ARGV[line * 2 + 3]
  if token ~= '' then
    if redis.call('GET', KEYS[at + 2]) ~= token then return {'not_owner'} end
    local left = redis.call('PTTL', KEYS[at + 2])
    if least == -1 or left < least then least = left end
  end
  local units = redis.call('GET', KEYS[at])
  if not units then return {'unreadable', KEYS[at] .. ' is missing'} end
  if not string.match(units, '^-?%d+$') then return {'unreadable', KEYS[at] .. ' is no number'} end
  if ARGV[3] == 'enough' and tonumber(units) < quantity then
    local reply = redis.call('HVALS', KEYS[at + 1])
    table.insert(reply, 1, 'short')
    return reply
  end
end
local reply = {'taken', least}
for line = 1, #KEYS / 4 do
  local at, quantity = line * 4 - 3, ARGV[line * 2 + 2]
  reply[#reply + 1] = redis.call('DECRBY', KEYS[at], quantity)
  reply[#reply + 1] = tonumber(redis.call('GET', KEYS[at + 3]) or 0)
  redis.call('HSET', KEYS[at + 1], ARGV[1], quantity .. ' ' .. ARGV[2])
end
return reply`);

/** KEYS per line: stock, pending. ARGV: sale. The pending entry is what makes it happen once only. */
export const GIVE_BACK = script(`
for at = 1, #KEYS, 2 do
  local entry = redis.call('HGET', KEYS[at + 1], ARGV[1])
  if entry then
    redis.call('HDEL', KEYS[at + 1], ARGV[1])
    if redis.call('EXISTS', KEYS[at]) == 1 then redis.call('INCRBY', KEYS[at], string.match(entry, '^%d+')) end
  end
end
return 1`);

/** KEYS: fence. ARGV: the least it must be. */
export const RAISE_FENCE = script(`
if tonumber(redis.call('GET', KEYS[1]) or 0) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
return 1`);

/**
 * KEYS: stock, pending, fence. ARGV: units, fence. The units come from the
 * ledger, which does not know the pending sales; the raised fence keeps them
 * out of it for ever, so they must give nothing back either.
 */
export const REFILL = script(`
if tonumber(redis.call('GET', KEYS[3]) or 0) < tonumber(ARGV[2]) then redis.call('SET', KEYS[3], ARGV[2]) end
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return 1`);

export const STOCK_SCRIPTS = [TAKE, GIVE_BACK, RAISE_FENCE, REFILL];
