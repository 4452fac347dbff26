import type { ShopTools } from "../server/parts.ts";
import type { Control } from "./control.ts";
import { PolledLock, soundSteps } from "./polled-lock.ts";
import { slowParts } from "./slow-write.ts";

/**
 * All buyers of a process share its token: a release, and every question whose
 * the lock is, takes one of them for another.
 */
export const sharedToken: Control = {
  base: slowParts(300),
  broken: { lock: processLock },
};

function processLock(tools: ShopTools): PolledLock {
  return new PolledLock({ ...soundSteps(tools), token: () => tools.instance.id }, tools.config.lockTtlMs);
}
