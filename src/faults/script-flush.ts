import type { FaultAction } from "../domain/fault.ts";
import type { RedisNode } from "../stacks/stack.ts";
import { command } from "./redis-command.ts";
import type { Fault } from "./fault.ts";

/** Redis nodes forget every script; whoever calls one by its digest must teach it again. */
export function scriptFlushFault(
  { nodes }: Extract<FaultAction, { kind: "script_flush" }>,
  redis: readonly RedisNode[],
): Fault {
  const targets = redis.filter((_, place) => nodes.includes(place));
  return {
    async inject(hit) {
      await Promise.all(targets.map((node) => command(node, "SCRIPT", "FLUSH").then(() => hit())));
    },
    undo: () => Promise.resolve(),
    answered: () => Promise.resolve(),
  };
}
