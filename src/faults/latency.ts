import type { FaultAction } from "../domain/fault.ts";
import type { WireBend, WireRule } from "../domain/wire.ts";
import type { Fault, SharedWire } from "./fault.ts";

/** Every byte between servers and nodes takes longer. */
export function latencyFault(action: Extract<FaultAction, { kind: "latency" }>, wire: SharedWire): Fault {
  const { servers, nodes, direction, ms, jitterMs } = action;
  const slow: WireBend = { latencyMs: ms, jitterMs };
  const rule: WireRule = {
    servers,
    nodes,
    toNode: direction === "to_server" ? {} : slow,
    toServer: direction === "to_node" ? {} : slow,
  };
  return {
    async inject(hit) {
      await wire.add(rule);
      hit();
    },
    undo: () => wire.remove(rule),
    answered: () => Promise.resolve(),
  };
}
