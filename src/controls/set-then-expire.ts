import { setTimeout as sleep } from "node:timers/promises";
import { type ShopTools, soundParts } from "../server/parts.ts";
import { fenceKey } from "../server/redis/keys.ts";
import { script } from "../server/redis/script.ts";
import type { Control } from "./control.ts";
import { PolledLock, soundSteps } from "./polled-lock.ts";

/** The lock is taken in one step and given its lease in another: who dies in between leaves a lock that never ends. */
export const setThenExpire: Control = {
  base: soundParts,
  broken: { lock: twoStepLock },
};

const SET = script(`
if not redis.call('SET', KEYS[1], ARGV[1], 'NX') then return 0 end
return redis.call('INCR', KEYS[2])`);
const EXPIRE = script("return redis.call('PEXPIRE', KEYS[1], ARGV[1])");
/** Something is looked up between the two steps, so that nobody needs luck to die there. */
const BETWEEN_MS = 150;

function twoStepLock(tools: ShopTools): PolledLock {
  const { client, config } = tools;
  client.learn([SET, EXPIRE]);
  const ask = async (name: string, token: string): Promise<number> => {
    const fencingToken = Number(await client.run(SET, [name, fenceKey(name)], [token]));
    if (fencingToken === 0) return 0;
    await sleep(BETWEEN_MS);
    await client.run(EXPIRE, [name], [config.lockTtlMs]);
    return fencingToken;
  };
  return new PolledLock({ ...soundSteps(tools), ask }, config.lockTtlMs);
}
