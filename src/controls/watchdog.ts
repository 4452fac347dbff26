import type { ShopTools } from "../server/parts.ts";
import { script } from "../server/redis/script.ts";
import type { Control } from "./control.ts";
import { type LockSteps, PolledLock, soundSteps } from "./polled-lock.ts";
import { slowParts } from "./slow-write.ts";

/**
 * A watchdog keeps the lease of its owner alive. When it comes too late and the
 * lock is lost, it takes the lock again and tells nobody: the work goes on with
 * what it knew under the first grant.
 */
export const watchdog: Control = {
  base: slowParts(1500),
  broken: { lock: watchedLock },
};

const TAKE_AGAIN = script("return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0");
const EXTEND = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`);
/** It should look three times a lease. */
const LOOKS_PER_LEASE = 0.4;

function watchedLock(tools: ShopTools): PolledLock {
  const { client, config, background } = tools;
  client.learn([TAKE_AGAIN, EXTEND]);
  const sound = soundSteps(tools);
  const watched = new Map<string, NodeJS.Timeout>();
  const look = async (name: string, token: string): Promise<void> => {
    const args = [token, config.lockTtlMs];
    if ((await client.run(EXTEND, [name], args)) !== 1) await client.run(TAKE_AGAIN, [name], args);
  };
  const ask: LockSteps["ask"] = async (name, token) => {
    const fencingToken = await sound.ask(name, token);
    if (fencingToken > 0) {
      const watch = setInterval(
        () => background.run("watchdog", look(name, token)),
        config.lockTtlMs / LOOKS_PER_LEASE,
      );
      watched.set(token, watch);
    }
    return fencingToken;
  };
  const release: LockSteps["release"] = async (name, token) => {
    clearInterval(watched.get(token));
    watched.delete(token);
    await sound.release(name, token);
  };
  return new PolledLock({ ...sound, ask, release }, config.lockTtlMs);
}
