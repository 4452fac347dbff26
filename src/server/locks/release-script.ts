import { script } from "../redis/script.ts";

/** Removes the lock KEYS[1] if ARGV[1] is its owner's token. */
export const RELEASE = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`);
