import { expect, test } from "vitest";
import type { WireRule } from "../../src/domain/wire.ts";
import { latencyFault } from "../../src/faults/latency.ts";
import { partitionFault } from "../../src/faults/partition.ts";
import { WireRules } from "../../src/faults/wire-rules.ts";
import type { WireTap } from "../../src/stacks/stack.ts";

/** A wire that remembers the last set of rules. */
function aWire(): { readonly tap: WireTap; rules: readonly WireRule[] } {
  const wire = { rules: [] as readonly WireRule[] };
  const nothing = (): Promise<void> => Promise.resolve();
  const tap: WireTap = {
    begin: nothing,
    shape: (rules) => {
      wire.rules = rules;
      return Promise.resolve();
    },
    read: () => Promise.resolve({ commands: [], scripts: new Map(), lost: [] }),
    close: () => undefined,
  };
  return Object.assign(wire, { tap });
}

test("faults on one wire add up, and each takes back only its own", async () => {
  const wire = aWire();
  const shared = new WireRules(wire.tap);
  const cut = partitionFault({ kind: "partition", servers: [0], nodes: [3, 4], direction: "both" }, shared);
  const slow = latencyFault(
    { kind: "latency", servers: [0, 1], nodes: [2], direction: "to_server", ms: 20, jitterMs: 5 },
    shared,
  );
  let hits = 0;
  await cut.inject(() => (hits += 1));
  await slow.inject(() => (hits += 1));
  expect(hits).toBe(2);
  expect(wire.rules).toEqual([
    { servers: [0], nodes: [3, 4], toNode: { hold: true }, toServer: { hold: true } },
    { servers: [0, 1], nodes: [2], toNode: {}, toServer: { latencyMs: 20, jitterMs: 5 } },
  ]);
  await cut.undo();
  expect(wire.rules).toMatchObject([{ nodes: [2] }]);
  await cut.undo();
  await slow.undo();
  expect(wire.rules).toEqual([]);
});

test("a partition of one direction leaves the other open", async () => {
  const wire = aWire();
  const shared = new WireRules(wire.tap);
  for (const direction of ["to_node", "to_server"] as const) {
    await partitionFault({ kind: "partition", servers: [0], nodes: [0], direction }, shared).inject(() => undefined);
  }
  expect(wire.rules).toMatchObject([
    { toNode: { hold: true }, toServer: {} },
    { toNode: {}, toServer: { hold: true } },
  ]);
});
