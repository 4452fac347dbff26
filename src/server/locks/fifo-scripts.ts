import { script } from "../redis/script.ts";

/**
 * Hands the lock to the first in the queue who can take it. A process that no
 * longer listens is dead. One that listens but has not shown a heartbeat for a
 * while is frozen: without this check each of its waiters would block the
 * others for a whole lease. A missing heartbeat proves nothing (Redis may have
 * been flushed), so its time begins to run now.
 *
 * A grant carries what the guarded key holds at this moment ('?' unless it is
 * a whole number), which saves its owner a round trip. If the next in the
 * queue is of the instance `self`, which is asking, the grant is returned
 * instead of published: it travels with the reply.
 */
const HAND_OVER = `
local lock, queue, fence, guarded = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local token, lease, frozen = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local function guarded_value()
  local value = redis.call('GET', guarded)
  return value and string.match(value, '^-?%d+$') or '?'
end
local function grant_to(next)
  local fencing = string.format('%.0f', redis.call('INCR', fence))
  redis.call('SET', lock, next, 'PX', lease)
  return 'grant ' .. next .. ' ' .. fencing .. ' ' .. guarded_value() .. ' ' .. lock
end
local function hand_over(self)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  while true do
    local next = redis.call('LPOP', queue)
    if not next then
      redis.call('DEL', lock)
      return ''
    end
    local instance = string.match(next, '^[^:]*')
    if instance == self then return grant_to(next) end
    local channel = 'instance:' .. instance
    local beat = redis.call('GET', channel)
    if beat and now - beat > frozen then
      redis.call('PUBLISH', channel, 'skip ' .. next)
    elseif redis.call('PUBLISH', channel, grant_to(next)) > 0 then
      if not beat then redis.call('SET', channel, string.format('%.0f', now), 'PX', 3600000) end
      return ''
    end
  end
end
`;

/** → {1, the grant} when the lock is ours at once, {0, ms left of the owner's lease} when we stand in the queue. */
export const ACQUIRE = script(`${HAND_OVER}
local free = redis.call('EXISTS', lock) == 0
if free and redis.call('EXISTS', queue) == 0 then return {1, grant_to(token)} end
redis.call('RPUSH', queue, token)
if free then hand_over('') end
return {0, redis.call('PTTL', lock)}`);

/**
 * Passes the lock on, if it is ours. → {the grant of the next if it is of our own instance, otherwise '', waiters …}
 * The waiters are those of our own instance who were next in line while the
 * guarded key held nothing: there is nothing left to guard from them, so they
 * are told what we saw instead of being handed the lock one by one.
 */
export const RELEASE = script(`${HAND_OVER}
if redis.call('GET', lock) ~= token then return {''} end
local self = string.match(token, '^[^:]*')
local reply = {''}
if (tonumber(guarded_value()) or 1) <= 0 then
  for _, waiter in ipairs(redis.call('LRANGE', queue, 0, -1)) do
    if string.match(waiter, '^[^:]*') ~= self then break end
    reply[#reply + 1] = waiter
  end
  redis.call('LTRIM', queue, #reply - 1, -1)
end
reply[1] = hand_over(self)
return reply`);

/** Leaves the queue, or passes the lock on if it was granted at this very moment. */
export const LEAVE = script(`${HAND_OVER}
if redis.call('LREM', queue, 1, token) == 1 then return 1 end
if redis.call('GET', lock) == token then hand_over('') end
return 0`);

/** Passes the lock on if its owner's lease ran out. → ms left of the current lease, -2 when nobody holds it. */
export const ADVANCE = script(`${HAND_OVER}
if redis.call('EXISTS', lock) == 0 then hand_over('') end
return redis.call('PTTL', lock)`);

/** Notes, on the clock of Redis, that this instance is awake. */
export const BEAT = script(`
local time = redis.call('TIME')
return redis.call('SET', KEYS[1], string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), 'PX', 3600000)`);

export const FIFO_SCRIPTS = [ACQUIRE, RELEASE, LEAVE, ADVANCE, BEAT];
