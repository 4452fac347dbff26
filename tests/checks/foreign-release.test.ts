import { expect, test } from "vitest";
import { foreignRelease } from "../../src/checks/foreign-release.ts";
import { Wire, judgeWire, kill } from "../support/wires.ts";

const LOCK = "lock:stock:p0";
const sound = (): Wire =>
  new Wire()
    .grant("a", { at: 0 })
    .refuse("b", { at: 1, server: 1 })
    .free("a", { at: 3 })
    .grant("b", { at: 5, server: 1 })
    .free("b", { at: 8, server: 1 });

function ruling(
  wire: Wire,
  faults: Parameters<typeof judgeWire>[1]["faults"] = [],
): { verdict: string; actual: string } {
  return judgeWire(foreignRelease, { wire, faults });
}

test("owners that give up what is theirs pass, and so does a release that finds nothing", () => {
  expect(ruling(sound().free("a", { at: 9 }, 0)).verdict).toBe("pass");
});

test("a DEL of another server's lock fails", () => {
  const wire = sound().grant("c", { at: 20 }).send(["DEL", LOCK], 1, { at: 22, server: 1 });
  expect(ruling(wire)).toMatchObject({ verdict: "fail", actual: "1 violation: released a foreign lock" });
});

test("a DEL of one's own lock, or of one that was perhaps one's own, is nobody's business", () => {
  expect(ruling(sound().grant("c", { at: 20 }).send(["DEL", LOCK], 1, { at: 22 })).verdict).toBe("pass");
  const race = sound().grant("c", { at: 20, took: 4 }).grant("d", { at: 21, took: 4, server: 1, lost: "no reply" });
  expect(ruling(race.send(["DEL", LOCK], 1, { at: 22, took: 4, server: 1 })).verdict).toBe("pass");
});

test("a grant that overlaps a release on another connection may have come after it, whichever was passed on first", () => {
  // The transaction's DEL is executed with its EXEC; another buyer of that server asks at once.
  const overlapping = sound()
    .grant("c", { at: 20 })
    .grant("d", { at: 30, took: 8, server: 1 })
    .send(["DEL", LOCK], 1, { at: 33, took: 8, connection: 7 });
  expect(ruling(overlapping).verdict).toBe("pass");
  const [taken, struck] = [{ at: 30, took: 2, server: 1 } as const, { at: 33, took: 8, connection: 7 } as const];
  const after = sound().grant("c", { at: 20 }, 8).grant("d", taken).send(["DEL", LOCK], 1, struck);
  expect(ruling(after).actual).toContain("released a foreign lock");
});

test("GET and then DEL, with another's grant in between, fails", () => {
  const wire = sound()
    .grant("c", { at: 20 }, 3)
    .send(["GET", LOCK], "c", { at: 22 })
    .grant("d", { at: 25, server: 1 })
    .send(["DEL", LOCK], 1, { at: 26 });
  expect(ruling(wire).actual).toContain("released a foreign lock");
});

test("a lease that is set anew without looking whose it is fails", () => {
  const wire = sound().grant("c", { at: 20 }).send(["PEXPIRE", LOCK, "9000"], 1, { at: 22, server: 1 });
  expect(ruling(wire).actual).toContain("extended a foreign lock");
});

test("a SET over a lock that certainly stands fails, and not over one that may be gone", () => {
  const over = (wire: Wire): Wire => wire.send(["SET", LOCK, "d", "PX", "900"], "OK", { at: 40, server: 1 });
  expect(ruling(over(sound().grant("c", { at: 20 }))).actual).toContain("overwrote a foreign lock");
  expect(ruling(over(sound().grant("c", { at: 20 }, 21))).verdict).toBe("pass");
});

test("clearing up after a server that was killed is no intrusion", () => {
  const wire = sound().grant("c", { at: 20 }).send(["DEL", LOCK], 1, { at: 42, server: 1 });
  expect(ruling(wire, [{ action: kill({ servers: [0] }), injected: 21, healed: 60 }]).verdict).toBe("pass");
});

test("one token for all servers: a release of it frees another's lock", () => {
  const wire = sound().grant("locked", { at: 20 }).free("locked", { at: 22, server: 1 });
  expect(ruling(wire).actual).toContain("released a foreign lock");
});

test("one token for a whole server, granted twice and given up twice, is shared", () => {
  const wire = sound().grant("s", { at: 20 }, 10).grant("s", { at: 40 }).free("s", { at: 42 });
  expect(ruling(wire).verdict).toBe("pass");
  expect(ruling(wire.free("s", { at: 44 }, 0))).toMatchObject({ verdict: "fail", actual: "1 violation: shared token" });
});

test("one token for a whole server: refused by itself, given up, and still at work", () => {
  const wire = (): Wire => sound().grant("s", { at: 20 }).refuse("s", { at: 22 }).free("s", { at: 24 });
  expect(ruling(wire()).verdict).toBe("pass");
  expect(ruling(wire().write("s", { at: 30 }, 0)).actual).toBe("1 violation: shared token");
  expect(ruling(wire().grant("s", { at: 26 }).write("s", { at: 30 }).free("s", { at: 32 })).verdict).toBe("pass");
});

test("where nothing was given up nothing was tested", () => {
  expect(ruling(new Wire().grant("a", { at: 1 })).verdict).toBe("inconclusive");
});
