import type { FaultAction, FaultPlan, FaultTime } from "./fault.ts";
import { nodeName, serverName } from "./service-name.ts";

/** `kill redis1, redis2 (data lost)`: what a fault does, and to whom. */
export function describeAction(action: FaultAction): string {
  const targets = faultTargets(action).join(", ");
  switch (action.kind) {
    case "kill":
      return action.nodes.length === 0
        ? `kill ${targets}`
        : `kill ${targets} (data ${action.keepData ? "kept" : "lost"})`;
    case "freeze":
      return `freeze ${targets}`;
    case "client_pause":
      return `client pause on ${targets}`;
    case "script_flush":
      return `script flush on ${targets}`;
    case "partition":
      return `partition ${between(action)}`;
    case "latency": {
      const most = action.jitterMs === 0 ? "" : `–${String(action.ms + action.jitterMs)}`;
      return `latency of ${String(action.ms)}${most} ms ${between(action)}`;
    }
  }
}

/** The services that a fault is aimed at, the nodes first. */
export function faultTargets(action: FaultAction): readonly string[] {
  const servers = "servers" in action ? action.servers.map(serverName) : [];
  return [...action.nodes.map(nodeName), ...servers];
}

/** `kill redis (data lost) when 30 % of the units are sold, for 300 ms` */
export function describeFault({ action, at, forMs }: FaultPlan): string {
  if (action.kind === "script_flush") return `${describeAction(action)} ${moment(at)}`;
  const length = forMs === null ? "until the load has ended" : `for ${String(forMs)} ms`;
  return `${describeAction(action)} ${moment(at)}, ${length}`;
}

function moment(at: FaultTime): string {
  switch (at.kind) {
    case "elapsed":
      return `${String(at.ms)} ms after the first send`;
    case "sold":
      return `when ${String(Number((at.share * 100).toFixed(2)))} % of the units are sold`;
    case "random":
      return `at a moment from ${String(at.fromMs)} to ${String(at.toMs)} ms after the first send`;
  }
}

function between({ servers, nodes, direction }: Extract<FaultAction, { direction: unknown }>): string {
  const here = servers.map(serverName).join(", ");
  const there = nodes.map(nodeName).join(", ");
  switch (direction) {
    case "both":
      return `between ${here} and ${there}`;
    case "to_node":
      return `from ${here} to ${there}`;
    case "to_server":
      return `from ${there} to ${here}`;
  }
}
