import { QueuedLock } from "../server/locks/queued-lock.ts";
import { type Asking, Redlock } from "../server/locks/redlock.ts";
import { redlockTools } from "../server/parts.ts";
import type { Question } from "../server/redis/redis-nodes.ts";
import type { Control } from "./control.ts";
import { slowParts } from "./slow-write.ts";
import { trustingStock } from "./trusting-stock.ts";

/** The lock is waited for however long it takes, and nobody asks what is left of the lease when the answers are in. */
export const noValidity: Control = {
  base: slowParts(30, trustingStock),
  broken: { lock: (tools) => new QueuedLock(new TimelessLock(redlockTools(tools)), tools.queue) },
};

class TimelessLock extends Redlock {
  protected override question(asking: Asking): Question {
    return { ...super.question(asking), patient: true };
  }

  protected override expiry(): number {
    return Infinity;
  }
}
