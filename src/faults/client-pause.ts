import type { FaultAction } from "../domain/fault.ts";
import type { RedisNode, StackControls } from "../stacks/stack.ts";
import { toEach } from "./each.ts";
import type { Fault } from "./fault.ts";
import { type PausedNode, pauseNode } from "./paused-node.ts";
import { SharedState } from "./shared-state.ts";

/** Redis nodes accept commands and answer none. */
export function clientPauseFault(
  action: Extract<FaultAction, { kind: "client_pause" }>,
  redis: readonly RedisNode[],
  controls: StackControls,
  paused: SharedState,
): Fault {
  const targets = redis.filter((_, place) => action.nodes.includes(place)).map(({ name }) => name);
  return {
    inject: (hit) =>
      toEach(targets, async (name) => {
        await paused.take(name, action);
        hit();
      }),
    undo: () => toEach(targets, (name) => paused.release(name, action)),
    answered: () => toEach(targets, (name) => controls.answered(name)),
  };
}

/**
 * A node knows only one pause: whoever ends it ends it for everybody.
 * @param withinMs how long a node may take to obey; left out: 5 s
 */
export function pausesOf(redis: readonly RedisNode[], withinMs?: number): SharedState {
  const pauses = new Map<string, PausedNode>();
  return new SharedState(
    async (name) => {
      for (const node of redis.filter((one) => one.name === name)) pauses.set(name, await pauseNode(node, withinMs));
    },
    async (name) => {
      await pauses.get(name)?.release();
      pauses.delete(name);
    },
  );
}
