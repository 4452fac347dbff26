import { expect, test } from "vitest";
import { mutualExclusion } from "../../src/checks/mutual-exclusion.ts";
import { Wire, type WireStory, judgeWire, kill, wireCase } from "../support/wires.ts";

function verdict(wire: Wire, more: WireStory = {}): string {
  return judgeWire(mutualExclusion, { wire, ...more }).verdict;
}

/** Two servers after each other; the second had to wait. */
const inTurn = (): Wire =>
  new Wire()
    .grant("a", { at: 0 })
    .refuse("b", { at: 1, server: 1 })
    .write("a", { at: 2 })
    .free("a", { at: 3 })
    .grant("b", { at: 5, server: 1 })
    .write("b", { at: 6, server: 1 })
    .free("b", { at: 8, server: 1 });

/** One owner on these nodes. */
function grantOn(wire: Wire, token: string, at: number, nodes: readonly number[], server = 0, ttl = 1000): Wire {
  for (const node of nodes) wire.grant(token, { at, node, server }, ttl);
  return wire;
}

function freeOn(wire: Wire, token: string, at: number, nodes: readonly number[], server = 0): Wire {
  for (const node of nodes) wire.free(token, { at, node, server });
  return wire;
}

test("owners that take turns pass", () => {
  expect(judgeWire(mutualExclusion, { wire: inTurn() })).toMatchObject({ verdict: "pass", actual: "0 overlaps" });
});

test("two that hold one lock within their leases fail, and the interleaving shows both", () => {
  const wire = inTurn().grant("c", { at: 20 }).grant("d", { at: 21, server: 1 }).free("c", { at: 30 });
  const ruling = judgeWire(mutualExclusion, { wire });
  expect(ruling).toMatchObject({ verdict: "fail", actual: "1 violation: both within validity" });
  expect(ruling.evidence).toEqual([
    '20 ms app → redis EVALSHA: acquire lock:stock:p0 for "c": granted, answered at 20.4 ms',
    '21 ms app1 → redis EVALSHA: acquire lock:stock:p0 for "d": granted, answered at 21.4 ms',
    '30 ms app → redis EVALSHA: release lock:stock:p0 for "c": removed, answered at 30.4 ms',
  ]);
});

test("a lock that another server's DEL removed was held by two: a foreign release", () => {
  const wire = inTurn()
    .grant("c", { at: 20 })
    .send(["DEL", "lock:stock:p0"], 1, { at: 21, server: 1 })
    .grant("d", { at: 22, server: 1 });
  expect(judgeWire(mutualExclusion, { wire }).actual).toBe("1 violation: foreign release");
});

test("a lock that is taken without asking is held by two", () => {
  const wire = inTurn()
    .grant("c", { at: 20 })
    .send(["SET", "lock:stock:p0", "d", "PX", "1000"], "OK", { at: 22, server: 1 });
  expect(judgeWire(mutualExclusion, { wire }).actual).toBe("1 violation: taken without asking");
});

test("a grant after the other's lease is no overlap, extended leases count", () => {
  const after = (wire: Wire, at: number): Wire => wire.grant("d", { at, server: 1 });
  expect(verdict(after(inTurn().grant("c", { at: 20 }, 50), 71))).toBe("pass");
  const extended = inTurn().grant("c", { at: 20 }, 50).extend("c", { at: 60 }, 50);
  expect(verdict(after(extended, 80))).toBe("fail");
});

test("a grant whose reply never came, or came after the next, is no certain hold", () => {
  expect(verdict(inTurn().grant("c", { at: 20, lost: "reply" }).grant("d", { at: 21, server: 1 }))).toBe("pass");
  expect(
    verdict(inTurn().grant("c", { at: 20, took: 30 }).free("c", { at: 50.1 }).grant("d", { at: 44, server: 1 })),
  ).toBe("fail");
  expect(
    verdict(inTurn().grant("c", { at: 20, took: 30 }).free("c", { at: 50.1 }).grant("d", { at: 51, server: 1 })),
  ).toBe("pass");
});

test("on five nodes two minorities are no holds, two majorities are", () => {
  const minorities = grantOn(grantOn(inFive(), "c", 20, [0, 1]), "d", 20, [2, 3], 1);
  expect(verdict(minorities, { nodes: 5 })).toBe("pass");
  const majorities = grantOn(grantOn(inFive(), "c", 20, [0, 1, 2]), "d", 25, [2, 3, 4], 1);
  expect(verdict(majorities, { nodes: 5 })).toBe("fail");
});

function inFive(): Wire {
  const all = [0, 1, 2, 3, 4];
  const wire = grantOn(new Wire(), "a", 0, all);
  wire.refuse("b", { at: 1, server: 1, node: 0 });
  return grantOn(freeOn(wire, "a", 3, all), "b", 5, all, 1).free("b", { at: 8, server: 1, node: 0 });
}

/** "c" holds nodes 0 to 2 of five from 20 to 90 ms; "d" is granted 2 to 4 at 60 ms, for node 2 died empty meanwhile. */
function amnesia(dGivesUpAt: number): Wire {
  const wire = freeOn(inFive(), "b", 8, [1, 2, 3, 4], 1).write("b", { at: 7, server: 1 });
  freeOn(freeOn(grantOn(wire, "c", 20, [0, 1, 2]), "c", 89.9, [2]), "c", 90, [0, 1]);
  return freeOn(grantOn(wire, "d", 60, [2, 3, 4], 1), "d", dGivesUpAt, [2, 3, 4], 1);
}

const LOST = { action: kill({ nodes: [2] }), injected: 30, healed: 50 };

test("two who work within their validity fail, though a node had to forget the first for it", () => {
  const wire = amnesia(80).write("d", { at: 70, server: 1, node: 3 });
  const ruling = judgeWire(mutualExclusion, { wire, nodes: 5, faults: [LOST] });
  expect(ruling).toMatchObject({ verdict: "fail", actual: "1 violation: within validity: a node forgot" });
  expect(ruling.evidence?.[0]).toBe("kill redis2 (data lost) at 30 ms, healed at 50 ms");
  expect(ruling.evidence).toHaveLength(9);
  expect(ruling.evidence).toContainEqual(expect.stringContaining('write stock:p0 for "d": written'));
  // An owner's plain write counts if nobody else of its server can have sent it, and so does a lease set anew.
  const plain = amnesia(80).set("5", { at: 70, server: 1, node: 3 });
  expect(verdict(plain, { nodes: 5, faults: [LOST] })).toBe("fail");
  expect(verdict(amnesia(80).extend("d", { at: 70, server: 1, node: 3 }), { nodes: 5, faults: [LOST] })).toBe("fail");
});

test("whoever gives up what a node without memory has granted him violates nothing, nor does a dead owner", () => {
  expect(verdict(amnesia(61), { nodes: 5, faults: [LOST] })).toBe("pass");
  const wire = freeOn(inFive(), "b", 8, [1, 2, 3, 4], 1).write("b", { at: 7, server: 1 });
  grantOn(grantOn(wire, "c", 20, [0, 1, 2]), "d", 60, [2, 3, 4], 1).write("d", { at: 70, server: 1, node: 3 });
  const dead = { action: kill({ servers: [0] }), injected: 25, healed: 90 };
  expect(verdict(freeOn(wire, "d", 80, [2, 3, 4], 1), { nodes: 5, faults: [LOST, dead] })).toBe("pass");
});

test("a node that came back after the first owner's lease has forgotten nobody", () => {
  const wire = freeOn(inFive(), "b", 8, [1, 2, 3, 4], 1).write("b", { at: 7, server: 1 });
  grantOn(grantOn(wire, "c", 20, [0, 1, 2], 0, 30), "d", 60, [2, 3, 4], 1).write("d", { at: 70, server: 1, node: 3 });
  expect(verdict(freeOn(wire, "d", 80, [2, 3, 4], 1), { nodes: 5, faults: [LOST] })).toBe("pass");
});

test("whether two worked whom a node had forgotten is not always seen", () => {
  const quiet = grantOn(freeOn(grantOn(inFive(), "c", 20, [0, 1, 2]), "c", 90, [0, 1]), "d", 60, [2, 3, 4], 1);
  freeOn(freeOn(quiet, "b", 8, [1, 2, 3, 4], 1), "d", 80, [2, 3, 4], 1);
  expect(judgeWire(mutualExclusion, { wire: quiet, nodes: 5, faults: [LOST] })).toMatchObject({
    verdict: "inconclusive",
    actual: "a node forgot",
  });
  // On one node the first owner may have lost his connection, and with it his mind.
  const single = inTurn().grant("c", { at: 20 }).grant("d", { at: 60, server: 1 }).write("d", { at: 70, server: 1 });
  single.free("c", { at: 80 }, 0).free("d", { at: 85, server: 1 });
  const lost = { action: kill({ nodes: [0] }), injected: 30, healed: 50 };
  expect(verdict(single, { faults: [lost] })).toBe("inconclusive");
});

test("whoever writes after his lease was over, while another holds the lock, fails", () => {
  const wire = inTurn().grant("c", { at: 20 }, 10).grant("d", { at: 40, server: 1 }).set("6", { at: 42 });
  const ruling = judgeWire(mutualExclusion, { wire: wire.free("d", { at: 45, server: 1 }) });
  expect(ruling.actual).toBe("1 violation: lease expired under the holder");
  expect(ruling.evidence).toHaveLength(4);
});

test("whoever writes after his lease and another's whole turn fails, though nobody holds it at that moment", () => {
  const wire = inTurn().grant("c", { at: 20 }, 10).grant("d", { at: 40, server: 1 }).free("d", { at: 42, server: 1 });
  expect(verdict(wire.set("6", { at: 45 }))).toBe("fail");
});

test("a frozen owner who wakes up and is refused violates nothing", () => {
  const wire = inTurn().grant("c", { at: 20 }, 10).grant("d", { at: 40, server: 1 }).write("c", { at: 42 }, 0);
  expect(verdict(wire.free("c", { at: 43 }, 0).free("d", { at: 45, server: 1 }))).toBe("pass");
});

test("what another waiter of the same server may have written is not held against it", () => {
  const wire = inTurn().grant("c", { at: 20 }, 10).grant("e", { at: 40 }).set("6", { at: 42 }).free("e", { at: 44 });
  expect(verdict(wire)).toBe("pass");
});

test("a lock that was asked for after a write, on the same connection, does not cover the write", () => {
  const woken = (connection: number): Wire =>
    inTurn()
      .grant("c", { at: 20 }, 10)
      .grant("d", { at: 40, server: 1 })
      .free("d", { at: 41, server: 1 })
      .set("6", { at: 42 })
      .grant("e", { at: 42.1, connection })
      .free("e", { at: 44, connection });
  expect(judgeWire(mutualExclusion, { wire: woken(0) }).actual).toBe("1 violation: lease expired under the holder");
  // Another connection may have overtaken it.
  expect(verdict(woken(7))).toBe("pass");
});

test("a lock that was asked for before a write, in one breath with it, may cover it", () => {
  const wire = inTurn().grant("c", { at: 20 }, 10).grant("d", { at: 40, server: 1 }).free("d", { at: 41, server: 1 });
  expect(verdict(wire.grant("e", { at: 42 }).set("6", { at: 42.1 }).free("e", { at: 44 }))).toBe("pass");
});

test("whoever gives up after his lease, when another has come to hold it, may have worked where that does not show", () => {
  const late = (freed: number, wire = new Wire()): Wire =>
    wire
      .grant("a", { at: 0 }, 50)
      .refuse("b", { at: 1, server: 1 })
      .grant("b", { at: 60, server: 1 })
      .free("a", { at: freed }, 0)
      .free("b", { at: 80, server: 1 });
  const ruling = judgeWire(mutualExclusion, { wire: late(70) });
  expect(ruling).toMatchObject({ verdict: "inconclusive", actual: "work after a lease unseen" });
  expect(ruling.detail).toMatch(
    /^"a" gave lock:stock:p0 up at 70 ms, after its lease, when "b" had come .*lock_keys\.guarded/,
  );
  // Before the other came he was in nobody's way.
  expect(verdict(late(55))).toBe("pass");
  // Where writes are seen and name their owner, his would have been seen.
  expect(verdict(late(70, new Wire().write("a", { at: 2 })))).toBe("pass");
  expect(verdict(late(70, new Wire().set("9", { at: 2 })))).toBe("pass");
  // He could not reach the node.
  const cut = {
    action: { kind: "partition", servers: [0], nodes: [0], direction: "both" },
    injected: 5,
    healed: 65,
  } as const;
  expect(verdict(late(70), { faults: [cut] })).toBe("pass");
});

test("a write that names no owner, by the server of somebody who gave up after his lease, may be his", () => {
  const wire = new Wire()
    .grant("a", { at: 0 }, 50)
    .refuse("b", { at: 1 })
    .grant("b", { at: 60 })
    .set("9", { at: 65 })
    .free("a", { at: 70 }, 0)
    .free("b", { at: 80 });
  const ruling = judgeWire(mutualExclusion, { wire });
  expect(ruling.verdict).toBe("inconclusive");
  expect(ruling.detail).toContain("a write of stock:p0 by its server meanwhile names no owner");
});

test("units that are given back, and first values, need no lock", () => {
  const wire = inTurn().grant("d", { at: 40, server: 1 });
  wire.send(["INCRBY", "stock:p0", "1"], 7, { at: 42 }).send(["SET", "stock:p0", "7", "NX"], "OK", { at: 43 });
  expect(verdict(wire.free("d", { at: 45, server: 1 }))).toBe("pass");
});

test("whoever was granted two of five nodes and writes there, against another's majority, fails", () => {
  const split = (): Wire => grantOn(grantOn(inFive(), "c", 20, [0, 1]), "d", 20, [2, 3, 4], 1);
  expect(verdict(freeOn(split(), "d", 40, [2, 3, 4], 1), { nodes: 5 })).toBe("pass");
  const wrote = split().write("c", { at: 25, node: 0 }).write("c", { at: 25, node: 1 });
  const ruling = judgeWire(mutualExclusion, { wire: freeOn(wrote, "d", 40, [2, 3, 4], 1), nodes: 5 });
  expect(ruling.actual).toBe("1 violation: without a quorum");
});

test("whoever asks again while his last releases are still being sent has the majority that he was granted", () => {
  // The first try got nowhere; to each node its release and the next request go one after the other, not in step.
  const again = (): Wire => {
    const wire = inFive();
    for (const node of [0, 1, 2, 3, 4]) {
      wire
        .refuse("c", { at: 20, node })
        .free("c", { at: 21 + node, node }, 0)
        .grant("c", { at: 21.5 + node, node });
    }
    return wire;
  };
  const two = freeOn(grantOn(again(), "d", 27, [0, 1, 2], 1), "d", 29, [0, 1, 2], 1);
  expect(verdict(freeOn(two, "c", 30, [0, 1, 2, 3, 4]), { nodes: 5 })).toBe("fail");
  const wire = again();
  freeOn(wire, "c", 30, [0, 1, 2]);
  grantOn(wire, "d", 32, [0, 1, 2], 1);
  // Two nodes were slow to take the write, and had nobody else's lock meanwhile.
  for (const node of [0, 1, 2]) wire.write("c", { at: 28, node });
  for (const node of [3, 4]) wire.write("c", { at: 28, node, took: 10, forwarded: 35, replied: 36 });
  freeOn(wire, "d", 40, [0, 1, 2], 1);
  expect(judgeWire(mutualExclusion, { wire, nodes: 5 })).toMatchObject({ verdict: "pass" });
});

test("a majority whose last reply came after the lease was no hold, and its write against another's is a violation", () => {
  const wire = inFive();
  for (const node of [0, 1, 2]) wire.grant("c", { at: 20, took: 90, node }, 30);
  grantOn(wire, "d", 140, [0, 1, 2, 3, 4], 1);
  for (const node of [0, 1, 2]) wire.send(["SET", "stock:p0", "3"], "OK", { at: 143, node });
  expect(judgeWire(mutualExclusion, { wire: freeOn(wire, "d", 150, [0, 1, 2, 3, 4], 1), nodes: 5 }).actual).toContain(
    "lease expired",
  );
});

test("without a wire log, with a lost connection, or with a script that nobody understands nothing is known", () => {
  const unread = judgeWire(mutualExclusion, { wire: null });
  expect(unread).toMatchObject({ verdict: "inconclusive", detail: expect.stringContaining("the tap") as string });
  expect(unread.detail).toContain("died, or what it recorded could not be read");
  expect(verdict(inTurn().lose("app → redis: no RESP"))).toBe("inconclusive");
  const ruling = judgeWire(mutualExclusion, {
    wire: inTurn().script("return redis.call('HINCRBY', KEYS[1], 1)", ["lock:stock:p0"], [], 1, { at: 9 }),
  });
  expect(ruling).toMatchObject({ verdict: "inconclusive", actual: "lock not understood" });
  expect(ruling.detail).toContain("HINCRBY");
});

test("a lock that was never taken, or kept nobody out, was not tested", () => {
  expect(verdict(new Wire().refuse("a", { at: 1 }))).toBe("inconclusive");
  expect(verdict(new Wire().grant("a", { at: 1 }).free("a", { at: 2 }).grant("b", { at: 3 }))).toBe("inconclusive");
});

test("owners who cannot be told apart keep nobody out, as far as anybody can see", () => {
  const blind = (servers: readonly number[]): Wire => {
    const wire = new Wire();
    servers.forEach((server, turn) => {
      const at = 20 * turn;
      wire.send(["SET", "lock:stock:p0", "1", "NX", "PX", "10"], "OK", { at, server });
      wire.send(["SET", "lock:stock:p0", "1", "NX", "PX", "10"], null, { at: at + 1, server });
      wire.send(["DEL", "lock:stock:p0"], 1, { at: at + 5, server });
    });
    return wire;
  };
  expect(judgeWire(mutualExclusion, { wire: blind([0, 0, 0]) })).toMatchObject({
    verdict: "inconclusive",
    actual: "owners not told apart",
  });
  expect(verdict(blind([0, 1, 0]))).toBe("pass");
});

test("only a scenario with a tap and with lock keys has this row", () => {
  const { plan } = wireCase({});
  expect(mutualExclusion.applies(plan)).toBe(true);
  expect(mutualExclusion.applies({ ...plan, stack: { ...plan.stack, tap: false } })).toBe(false);
  expect(mutualExclusion.applies({ ...plan, target: { ...plan.target, lockKeys: null } })).toBe(false);
});
