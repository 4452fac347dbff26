import { QueuedLock } from "../server/locks/queued-lock.ts";
import { type Asking, Redlock } from "../server/locks/redlock.ts";
import { redlockTools } from "../server/parts.ts";
import type { Poll } from "../server/redis/poll.ts";
import type { RedisNodes } from "../server/redis/redis-nodes.ts";
import type { Control } from "./control.ts";
import { slowParts } from "./slow-write.ts";

/** Two of five nodes are enough to be granted the lock: two owners can both have as many. */
export const smallQuorum: Control = {
  base: slowParts(60),
  broken: { lock: (tools) => new QueuedLock(new HalfHeartedLock(redlockTools(tools)), tools.queue) },
};

class HalfHeartedLock extends Redlock {
  protected override mayAsk(nodes: RedisNodes): boolean {
    return nodes.answering >= tooFew(nodes);
  }

  /** The nodes themselves would give up as soon as no majority can be had. */
  protected override async ask(asking: Asking, nodes: RedisNodes): Promise<Poll> {
    const poll = await super.ask(asking, nodes);
    await poll.complete;
    return poll;
  }

  protected override suffices(poll: Poll, nodes: RedisNodes): boolean {
    return poll.good >= tooFew(nodes);
  }
}

/** The sum is right for one node, and forgets to add one for all others. */
function tooFew({ all }: RedisNodes): number {
  return Math.floor(all.length / 2);
}
