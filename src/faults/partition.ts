import { nodeName } from "../domain/service-name.ts";
import type { FaultAction } from "../domain/fault.ts";
import type { WireBend, WireRule } from "../domain/wire.ts";
import type { Network, StackControls } from "../stacks/stack.ts";
import { toEach } from "./each.ts";
import type { Fault, SharedWire } from "./fault.ts";
import { SharedState } from "./shared-state.ts";

type Partition = Extract<FaultAction, { kind: "partition" }>;

const CUT: WireBend = { hold: true };
const OPEN: WireBend = {};

/** Nothing passes between servers and nodes any more; what was on its way arrives when the wire heals. */
export function partitionFault({ servers, nodes, direction }: Partition, wire: SharedWire): Fault {
  const rule: WireRule = {
    servers,
    nodes,
    toNode: direction === "to_server" ? OPEN : CUT,
    toServer: direction === "to_node" ? OPEN : CUT,
  };
  return {
    async inject(hit) {
      await wire.add(rule);
      hit();
    },
    undo: () => wire.remove(rule),
    // The nodes never stopped answering; the wire is whole as soon as the tap says so.
    answered: () => Promise.resolve(),
  };
}

/** The same by the network between containers: the nodes are taken off it. */
export function networkPartitionFault(action: Partition, cutOff: SharedState, controls: StackControls): Fault {
  const nodes = action.nodes.map(nodeName);
  return {
    inject: (hit) =>
      toEach(nodes, async (node) => {
        await cutOff.take(node, action);
        hit();
      }),
    undo: () => toEach(nodes, (node) => cutOff.release(node, action)),
    answered: () => toEach(nodes, (node) => controls.answered(node)),
  };
}

/** What is off the network in a run, whichever of its faults has done it. */
export function cutOffBy(network: Network): SharedState {
  return new SharedState(
    (node) => network.disconnect(node),
    (node) => network.connect(node),
  );
}
