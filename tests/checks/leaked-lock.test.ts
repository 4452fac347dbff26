import { expect, test } from "vitest";
import { leakedLock } from "../../src/checks/leaked-lock.ts";
import type { FaultAction } from "../../src/domain/fault.ts";
import { Wire, type WireStory, judgeWire, kill } from "../support/wires.ts";

const LOCK = "lock:stock:p0";
const KEY = { source: "redis", product: 0, key: LOCK, holder: "c", pttlMs: 900 };

function ruling(wire: Wire | null, more: WireStory = {}): { verdict: string; actual: string; detail: string } {
  return judgeWire(leakedLock, { wire, ...more });
}

const sound = (): Wire => new Wire().grant("a", { at: 0 }).free("a", { at: 3 });

test("locks that were all given up pass", () => {
  expect(ruling(sound())).toMatchObject({ verdict: "pass", actual: "0 leaked" });
});

test("a key that lives for ever fails, whatever else is known", () => {
  expect(ruling(null, { locks: [{ ...KEY, pttlMs: -1 }] })).toMatchObject({
    verdict: "fail",
    actual: "1 lock for ever",
  });
});

test("a grant that is left to its lease fails, also one whose owner never heard of it", () => {
  expect(ruling(sound().grant("c", { at: 9 })).actual).toBe("1 lock left to its lease");
  expect(ruling(sound().grant("c", { at: 9, lost: "reply" })).actual).toBe("1 lock left to its lease");
});

test("a token that was granted more often than it was released is said to be that", () => {
  const wire = sound().grant("c", { at: 9 }, 20).grant("c", { at: 100 }, 20).free("c", { at: 103 });
  expect(ruling(wire).detail).toContain("fewer releases under this token than it gave grants");
  expect(ruling(sound().grant("c", { at: 9 })).detail).toContain("no release of it was sent to that node");
});

test("a lock without a lease, of a server that was killed before it gave one, fails", () => {
  const wire = sound().send(["SETNX", LOCK, "c"], 1, { at: 9 });
  const faults = [{ action: kill({ servers: [0] }), injected: 10, healed: 20 }];
  expect(ruling(wire, { faults }).actual).toBe("1 lock without a lease");
  expect(ruling(wire.send(["PEXPIRE", LOCK, "100"], 1, { at: 9.5 }), { faults }).verdict).toBe("pass");
});

test("a lock without a lease is gone with the memory of its node", () => {
  const wire = sound().send(["SETNX", LOCK, "c"], 1, { at: 9 });
  const faults = [{ action: kill({ nodes: [0] }), injected: 10, healed: 20 }];
  expect(ruling(wire, { faults }).verdict).toBe("pass");
});

test("what a killed or frozen owner could not give up, and what died with its node, is excused", () => {
  const wire = sound().grant("c", { at: 9 });
  const excused = (action: FaultAction): string =>
    ruling(wire, { faults: [{ action, injected: 10, healed: 20 }], locks: [KEY] }).verdict;
  expect(excused(kill({ servers: [0] }))).toBe("pass");
  expect(excused({ kind: "freeze", servers: [0], nodes: [] })).toBe("pass");
  expect(excused(kill({ nodes: [0] }))).toBe("pass");
  expect(excused(kill({ servers: [1] }))).toBe("fail");
});

test("what a node granted while a kill of several nodes was under way died with it", () => {
  const story = { nodes: 3, faults: [{ action: kill({ nodes: [0, 2] }), injected: 5, inForce: 30, healed: 200 }] };
  const wire = (at: number): Wire =>
    sound()
      .grant("c", { at, node: 1 })
      .grant("c", { at, node: 2 })
      .free("c", { at: at + 10, node: 1 });
  // The connection broke under a command that went before the release.
  expect(ruling(wire(9).refuse("d", { at: 20, node: 2, lost: "no reply" }), story).verdict).toBe("pass");
  expect(ruling(wire(300).refuse("d", { at: 320, node: 2 }), story).actual).toBe("1 lock left to its lease");
});

test("a node that died with its data kept is excused, unless its connection was answered after the lock was given up elsewhere", () => {
  const action = kill({ nodes: [2], keepData: true });
  const story = { nodes: 3, faults: [{ action, injected: 15, healed: 200 }] };
  const wire = (): Wire =>
    sound().grant("c", { at: 9, node: 0 }).grant("c", { at: 9, node: 2 }).free("c", { at: 12, node: 0 });
  expect(ruling(wire().refuse("d", { at: 13, node: 2, lost: "no reply" }), story).verdict).toBe("pass");
  expect(ruling(wire().refuse("d", { at: 13, node: 2 }), story).actual).toBe("1 lock left to its lease");
});

test("a node that was cut off is excused, unless its own connection went on working after the lock was given up elsewhere", () => {
  const action: FaultAction = { kind: "partition", servers: [0], nodes: [2], direction: "to_server" };
  const story = { nodes: 3, faults: [{ action, injected: 5, healed: 200 }] };
  const wire = (): Wire =>
    sound().grant("c", { at: 9, node: 0 }).grant("c", { at: 9, node: 2, lost: "reply" }).free("c", { at: 30, node: 0 });
  expect(ruling(wire(), story).verdict).toBe("pass");
  expect(ruling(wire().refuse("d", { at: 40, node: 2, lost: "reply" }), story).actual).toBe("1 lock left to its lease");
});

test("a key that was given up and is still there fails", () => {
  expect(ruling(sound().grant("c", { at: 9 }).free("c", { at: 11 }, 0), { locks: [KEY] }).actual).toBe(
    "1 lock left behind",
  );
});

test("where nobody looked at the keys, or where nobody knows who took one, nothing is certain", () => {
  expect(ruling(sound(), { locks: null }).verdict).toBe("inconclusive");
  expect(ruling(sound(), { locks: [KEY] })).toMatchObject({ verdict: "inconclusive", actual: "unknown locks" });
  expect(ruling(null).verdict).toBe("inconclusive");
});

test("a DEL that names nobody gives up the locks of its own server, on the node to which it is sent", () => {
  const wire = (server: number, nodes: readonly number[]): Wire => {
    const log = new Wire().grant("a", { at: 0 }).grant("a", { at: 0, node: 1 });
    for (const node of nodes) log.send(["DEL", LOCK], 1, { at: 3, server, node });
    return log;
  };
  expect(ruling(wire(0, [0, 1]), { nodes: 2 }).verdict).toBe("pass");
  expect(ruling(wire(0, [0]), { nodes: 2 }).actual).toBe("1 lock left to its lease");
  expect(ruling(wire(1, [0, 1]), { nodes: 2 }).actual).toBe("2 locks left to its lease");
});

test("one release does not give up what was granted before the lock's last grant", () => {
  const blind = new Wire();
  for (const [token, at] of [
    ["a", 0],
    ["b", 100],
    ["c", 200],
  ] as const) {
    blind.grant(token, { at }, 50);
  }
  blind.send(["DEL", LOCK], 1, { at: 210 });
  expect(ruling(blind).actual).toBe("2 locks left to its lease");
  const constant = new Wire().grant("1", { at: 0 }, 50).grant("1", { at: 100, server: 1 }, 50);
  expect(ruling(constant.free("1", { at: 110, server: 1 })).actual).toBe("1 lock left to its lease");
});

test("each grant may be given up late, and one release is enough for a lock that was granted again while it lasted", () => {
  const late = new Wire().grant("a", { at: 0 }, 50).grant("b", { at: 100 }, 50);
  late.send(["DEL", LOCK], 1, { at: 110 }).send(["DEL", LOCK], 0, { at: 112 });
  expect(ruling(late).verdict).toBe("pass");
  const own = new Wire().grant("a", { at: 0 }, 50).grant("b", { at: 100 }, 50);
  expect(ruling(own.free("a", { at: 110 }, 0).free("b", { at: 112 })).verdict).toBe("pass");
  const again = new Wire().grant("a", { at: 0 }, 50).extend("a", { at: 40 }, 50).grant("a", { at: 70 }, 50);
  expect(ruling(again.free("a", { at: 90 })).verdict).toBe("pass");
});

test("a lock that never had a lease fails, though it was given up", () => {
  const wire = sound().send(["SETNX", LOCK, "c"], 1, { at: 9 }).send(["DEL", LOCK], 1, { at: 12 });
  expect(ruling(wire).actual).toBe("1 lock without a lease");
  expect(ruling(wire.send(["PEXPIRE", LOCK, "100"], 1, { at: 9.5 })).verdict).toBe("pass");
});

test("a lock without a lease, given up while its node was out of reach, may have been meant to get one", () => {
  const wire = sound().send(["SETNX", LOCK, "c"], 1, { at: 9, lost: "reply" }).send(["DEL", LOCK], 1, { at: 12 });
  const action: FaultAction = { kind: "partition", servers: [0], nodes: [0], direction: "to_server" };
  expect(ruling(wire, { faults: [{ action, injected: 8, healed: 20 }] }).verdict).toBe("pass");
});

test("a fault after the lease excuses nothing: a freeze was too late, and of a death nobody knows", () => {
  const wire = sound().grant("c", { at: 9 }, 50);
  const faults = (action: FaultAction): WireStory => ({ faults: [{ action, injected: 500, healed: 600 }] });
  expect(ruling(wire, faults({ kind: "freeze", servers: [0], nodes: [] })).actual).toBe("1 lock left to its lease");
  expect(ruling(wire, faults(kill({ servers: [0] })))).toMatchObject({
    verdict: "inconclusive",
    actual: "1 lock perhaps leaked",
  });
});

/** What a lock holds is read, by a server that looks before it releases. */
function look(wire: Wire, found: string | null, at: number, server = 0): Wire {
  return wire.send(["GET", LOCK], found, { at, server });
}

/** "a" looks and gives up; "c" is granted the lock at 9 ms for 50 ms, and outlives it. */
function looking(): Wire {
  const wire = look(new Wire().grant("a", { at: 0 }), "a", 2);
  return wire.send(["DEL", LOCK], 1, { at: 3 }).grant("c", { at: 9 }, 50);
}

test("an owner who may have looked and seen that his lock was gone had nothing to give up", () => {
  const ruled = judgeWire(leakedLock, { wire: look(looking(), null, 80) });
  expect(ruled).toMatchObject({ verdict: "inconclusive", actual: "1 lock perhaps leaked" });
  expect(ruled.detail).toContain("found it gone");
  expect(ruled.evidence).toContainEqual(expect.stringContaining("found nothing"));
  const taken = look(looking().grant("d", { at: 70, server: 1 }), "d", 80).free("d", { at: 90, server: 1 });
  expect(ruling(taken).verdict).toBe("inconclusive");
});

test("a look excuses nobody that came before the grant, found the lock still there, or was another server's", () => {
  const left = { verdict: "fail", actual: "1 lock left to its lease" };
  expect(ruling(looking())).toMatchObject(left);
  expect(ruling(look(looking(), null, 8))).toMatchObject(left);
  expect(ruling(look(looking(), "c", 20))).toMatchObject(left);
  expect(ruling(look(looking(), null, 80, 1))).toMatchObject(left);
});

test("each look speaks for one owner: not for two, and not for whoever gave his own lock up after it", () => {
  expect(ruling(look(looking().grant("d", { at: 70 }, 50), null, 140)).actual).toBe("1 lock left to its lease");
  const other = look(looking().grant("d", { at: 70 }), "d", 80).send(["DEL", LOCK], 1, { at: 81 });
  expect(ruling(other).actual).toBe("1 lock left to its lease");
});

test("where nobody releases by looking, looks are those of owners to come", () => {
  const polling = new Wire().grant("a", { at: 0 }, 50);
  look(look(polling, "a", 20), null, 60).grant("b", { at: 61 }, 50);
  expect(ruling(look(polling, null, 120)).actual).toBe("2 locks left to its lease");
  // Who deletes blindly reads for another reason.
  const blind = look(looking(), null, 80).grant("d", { at: 90 }).send(["DEL", LOCK], 1, { at: 91 });
  expect(ruling(blind).actual).toBe("1 lock left to its lease");
  const scripted = sound().grant("c", { at: 9 }, 50);
  expect(ruling(look(scripted, null, 80)).actual).toBe("1 lock left to its lease");
});
