import { afterEach, beforeEach, expect, test } from "vitest";
import type { FaultAction } from "../../src/domain/fault.ts";
import type { Plan } from "../../src/domain/plan.ts";
import { obstacle } from "../../src/stacks/docker/topology.ts";
import { aPlace, aPlan, type Place } from "./shop.ts";

let place: Place;
beforeEach(() => {
  place = aPlace();
});
afterEach(() => place.close());

function inContainers(action: FaultAction): Plan {
  const start = { command: ["node", "${lockbench}/dist/server/main.js"] };
  const plan = aPlan(place, { stack: { redisNodes: 5, replicas: 2 }, start });
  return { ...plan, faults: [{ action, at: { kind: "elapsed", ms: 1 }, forMs: null }] };
}

const all = { servers: [0, 1], nodes: [3, 4] };

test.each<readonly [string, FaultAction]>([
  ["latency", { kind: "latency", ...all, direction: "both", ms: 5, jitterMs: 0 }],
  ["a partition of one direction", { kind: "partition", ...all, direction: "to_node" }],
  ["a partition of one server", { kind: "partition", servers: [0], nodes: [3], direction: "both" }],
  ["a kill that keeps data", { kind: "kill", nodes: [0], servers: [], keepData: true }],
])("containers refuse %s before anything is started", (_, action) => {
  expect(obstacle(inContainers(action))).toContain(`faults[0].${action.kind}: `);
});

test.each<readonly [string, FaultAction]>([
  ["a kill", { kind: "kill", ...all, keepData: false }],
  ["a pause", { kind: "freeze", ...all }],
  ["nodes off the network", { kind: "partition", ...all, direction: "both" }],
  ["CLIENT PAUSE", { kind: "client_pause", nodes: [0] }],
])("containers take %s", (_, action) => {
  expect(obstacle(inContainers(action))).toBeUndefined();
});
