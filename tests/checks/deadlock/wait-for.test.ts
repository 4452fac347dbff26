import { expect, test } from "vitest";
import { deadlock } from "../../../src/checks/deadlock.ts";
import { type CycleFinding, findCycle } from "../../../src/checks/deadlock/wait-for.ts";
import { type Fault, Wire, kill, wireCase } from "../../support/wires.ts";

const X = { product: 0 };
const Y = { product: 1 };

function find(wire: Wire, faults: readonly Fault[] = []): CycleFinding {
  return findCycle({ ...wireCase({ stock: [5, 5, 5], faults }), wire: wire.log });
}

/** Each holds one lock and keeps being refused the other's. */
const crossed = (): Wire =>
  new Wire()
    .grant("a", { at: 0, ...X })
    .grant("b", { at: 0, server: 1, ...Y })
    .refuse("a", { at: 2, ...Y })
    .refuse("b", { at: 2, server: 1, ...X })
    .refuse("a", { at: 6, ...Y })
    .refuse("b", { at: 6, server: 1, ...X });

test("two that hold what the other keeps asking for are a circle, and the interleaving shows it", () => {
  const found = find(crossed());
  expect(found.cycle).toHaveLength(6);
  expect(found).toMatchObject({ waiting: 2, unclear: null });
});

test("the check fails on a circle, whatever the answers say", () => {
  expect(deadlock.judge(wireCase({ stock: [5, 5, 5], wire: crossed() }))).toMatchObject({
    verdict: "fail",
    actual: "a circle of waiting",
  });
});

test("a circle of three is found", () => {
  const wire = new Wire();
  ["a", "b", "c"].forEach((token, product) => {
    wire.grant(token, { at: product * 0.1, product });
    for (const at of [2, 6]) wire.refuse(token, { at, product: (product + 1) % 3 });
  });
  expect(find(wire).cycle).toHaveLength(9);
});

test("waiting in one order is no circle", () => {
  const wire = new Wire().grant("a", { at: 0, ...X }).grant("a", { at: 1, ...Y });
  for (const at of [2, 6]) wire.refuse("b", { at, server: 1, ...X });
  wire
    .free("a", { at: 7, ...X })
    .free("a", { at: 7, ...Y })
    .grant("b", { at: 8, server: 1, ...X });
  expect(find(wire.grant("b", { at: 9, server: 1, ...Y }))).toMatchObject({
    cycle: null,
    inversion: null,
    unclear: null,
  });
});

test("opposite orders at different times are an inversion, not a circle", () => {
  const wire = new Wire().grant("a", { at: 0, ...X }).grant("z", { at: 0, ...Y });
  for (const at of [2, 6]) wire.refuse("a", { at, ...Y });
  wire.free("z", { at: 7, ...Y }).free("a", { at: 8, ...X });
  wire.grant("b", { at: 20, ...Y }).grant("z", { at: 20, ...X });
  for (const at of [22, 26]) wire.refuse("b", { at, ...X });
  const found = find(wire);
  expect(found.cycle).toBeNull();
  expect(found.inversion).toHaveLength(6);
});

test("whoever gives up what he has before he asks again waits for nobody", () => {
  const wire = new Wire();
  for (const [token, first, second] of [
    ["a", 0, 1],
    ["b", 1, 0],
  ] as const) {
    wire.grant(token, { at: first, product: first }).refuse(token, { at: 2, product: second });
    wire.free(token, { at: 3, product: first });
  }
  expect(find(wire)).toMatchObject({ cycle: null, inversion: null });
});

test("whoever comes back under his old token, and gave everything up in between, waits for nobody", () => {
  const wire = new Wire();
  for (const [token, first, second] of [
    ["a", 0, 1],
    ["b", 1, 0],
  ] as const) {
    for (const at of [0, 10]) {
      const server = first;
      wire.grant(token, { at, server, product: first }).refuse(token, { at: at + 2, server, product: second });
      wire.free(token, { at: at + 3, server, product: first });
    }
  }
  expect(find(wire)).toMatchObject({ cycle: null, inversion: null, waiting: 0 });
});

test("a circle among those that come back counts if they waited in it at any one time", () => {
  const wire = crossed();
  wire.free("a", { at: 8, ...X }).free("b", { at: 8, server: 1, ...Y });
  wire.grant("a", { at: 10, ...X }).refuse("a", { at: 12, ...Y });
  expect(find(wire).cycle).toHaveLength(6);
});

test("a lock that was lost with its node holds nobody up any more", () => {
  const lost = { action: kill({ nodes: [0] }), injected: 1, healed: 1.5 };
  expect(find(crossed())).toMatchObject({ waiting: 2 });
  expect(find(crossed(), [lost])).toMatchObject({ cycle: null, waiting: 0 });
});

test("why the wire tells nothing stands in the row that goes by the answers", () => {
  const one = new Wire().grant("a", { at: 0, ...X }).grant("b", { at: 1, ...Y });
  const orders = [[0, 1] as const, [1, 0] as const].map((products) => ({
    lines: products.map((product) => ({ product, quantity: 1 })),
  }));
  const attempts = [0, 1].map((order) => ({ outcome: "sold" as const, order, sent: 0, ended: 9 }));
  const { verdict, detail } = deadlock.judge(wireCase({ stock: [5, 5, 5], orders, attempts, wire: one }));
  expect(verdict).toBe("pass");
  expect(detail).toContain("the wire does not tell: no token asked for more than one lock");
});

test("one token for each lock tells nothing of owners", () => {
  expect(find(new Wire().grant("a", { at: 0, ...X }).grant("b", { at: 1, ...Y })).unclear).toContain(
    "no owner is known",
  );
});
