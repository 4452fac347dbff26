import { setTimeout as sleep } from "node:timers/promises";
import type { ShopTools } from "../server/parts.ts";
import { soundParts } from "../server/parts.ts";
import type { Control } from "./control.ts";
import { PolledLock, soundSteps } from "./polled-lock.ts";

/** Who releases looks whose the lock is, and removes it in a second step: by then it may be somebody else's. */
export const getThenDelete: Control = {
  base: soundParts,
  broken: { lock: carelessLock },
};

/** Longer than the lease of the scenario: the garbage collector came between the two steps. */
const BETWEEN_MS = 60;

function carelessLock(tools: ShopTools): PolledLock {
  const { client, config } = tools;
  const release = async (name: string, token: string): Promise<void> => {
    if ((await client.get(name)) !== token) return;
    await sleep(BETWEEN_MS);
    await client.remove([name]);
  };
  return new PolledLock({ ...soundSteps(tools), release }, config.lockTtlMs);
}
