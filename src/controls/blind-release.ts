import type { ShopTools } from "../server/parts.ts";
import { script } from "../server/redis/script.ts";
import type { Control } from "./control.ts";
import { PolledLock } from "./polled-lock.ts";
import { slowParts } from "./slow-write.ts";

/**
 * The lock is a flag that tells nobody whose it is: releasing it removes it, and
 * whoever gives up waiting "cleans up" the lock of the one who holds it.
 */
export const blindRelease: Control = {
  base: slowParts(80),
  broken: { lock: flagLock },
};

const SET = script("return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0");
const DELETE = script("return redis.call('DEL', KEYS[1])");
const FLAG = "locked";

function flagLock({ client, config }: ShopTools): PolledLock {
  client.learn([SET, DELETE]);
  const remove = async (name: string): Promise<void> => {
    await client.run(DELETE, [name], []);
  };
  const ask = async (name: string): Promise<number> => Number(await client.run(SET, [name], [FLAG, config.lockTtlMs]));
  return new PolledLock({ token: () => FLAG, ask, release: remove, giveUp: remove }, config.lockTtlMs);
}
