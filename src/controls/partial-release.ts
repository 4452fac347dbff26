import { QueuedLock } from "../server/locks/queued-lock.ts";
import { type Asking, granted, Redlock } from "../server/locks/redlock.ts";
import { redlockTools, soundParts } from "../server/parts.ts";
import type { RedisNode } from "../server/redis/redis-node.ts";
import type { Poll } from "../server/redis/poll.ts";
import type { RedisNodes } from "../server/redis/redis-nodes.ts";
import type { Control } from "./control.ts";

/** After a try that failed the lock is given up only where the answer was yes, and not where it was lost. */
export const partialRelease: Control = {
  base: soundParts,
  broken: { lock: (tools) => new QueuedLock(new ForgetfulLock(redlockTools(tools)), tools.queue) },
};

class ForgetfulLock extends Redlock {
  protected override owedAfter(_asking: Asking, { replies }: Poll, { all }: RedisNodes): Iterable<RedisNode> {
    return all.filter((_, place) => granted(replies[place]));
  }
}
