import { script } from "../redis/script.ts";

/** KEYS: lock, fence. ARGV: token, lease in ms. → the fencing token, or 0 when somebody else holds the lock. */
export const ACQUIRE = script(`
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
return redis.call('INCR', KEYS[2])`);
