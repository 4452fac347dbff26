import { expect, test } from "vitest";
import { foreignRelease } from "../../../src/checks/foreign-release.ts";
import { leakedLock } from "../../../src/checks/leaked-lock.ts";
import { mutualExclusion } from "../../../src/checks/mutual-exclusion.ts";
import { Wire, judgeWire } from "../../support/wires.ts";

/** Two turns; between 10 and 30 ms "a" has the lock. */
function turns(during: (wire: Wire) => Wire): Wire {
  return during(new Wire().grant("a", { at: 10 }).refuse("b", { at: 15, server: 1 })).free("a", { at: 30 });
}

const flushed = (words: readonly string[], at = 20, server = 1): Wire =>
  turns((wire) =>
    wire.send(words, "OK", { at, server }).grant("b", { at: 25, server: 1 }).free("b", { at: 40, server: 1 }),
  );

test.each([[["FLUSHALL"]], [["FLUSHDB"]], [["FLUSHALL", "ASYNC"]]])(
  "%j under a held lock is a foreign release",
  (words) => {
    const { verdict, actual, detail } = judgeWire(foreignRelease, { wire: flushed(words) });
    expect({ verdict, actual }).toEqual({ verdict: "fail", actual: "1 violation: released a foreign lock" });
    expect(detail).toContain(`${words[0] ?? ""} removed everything`);
    expect(judgeWire(mutualExclusion, { wire: flushed(words) }).actual).toContain("foreign release");
  },
);

test("a flush by the very server that has the lock gives nothing up: its owners do not know of it", () => {
  expect(judgeWire(mutualExclusion, { wire: flushed(["FLUSHALL"], 20, 0) }).verdict).toBe("fail");
  expect(judgeWire(foreignRelease, { wire: flushed(["FLUSHALL"], 20, 0) }).verdict).toBe("fail");
});

test("a flush is nobody's way to give up his lock", () => {
  const wire = new Wire().grant("a", { at: 10 }).send(["FLUSHALL"], "OK", { at: 20 });
  expect(judgeWire(leakedLock, { wire }).verdict).toBe("fail");
});

test("a flush while nobody has a lock strikes nobody", () => {
  const wire = turns((before) => before)
    .send(["FLUSHALL"], "OK", { at: 35, server: 1 })
    .grant("b", { at: 40, server: 1 })
    .free("b", { at: 50, server: 1 });
  expect(judgeWire(foreignRelease, { wire }).verdict).toBe("pass");
  expect(judgeWire(mutualExclusion, { wire }).verdict).toBe("pass");
});

test("a flush that was refused strikes nobody", () => {
  const wire = turns((before) => before.send(["FLUSHALL"], { error: "NOPERM no" }, { at: 20, server: 1 }));
  expect(judgeWire(foreignRelease, { wire }).verdict).toBe("pass");
});

test("another database may be flushed, and selected", () => {
  const wire = turns((before) =>
    before
      .send(["SELECT", "3"], "OK", { at: 0, server: 1, connection: 7 })
      .send(["FLUSHDB"], "OK", { at: 20, server: 1, connection: 7 }),
  );
  expect(judgeWire(foreignRelease, { wire }).verdict).toBe("pass");
});

test.each([
  ["a lock in another database", "in database 3", (wire: Wire) => wire.send(["SELECT", "3"], "OK", { at: 0 })],
  ["databases that change places", "SWAPDB 0 1", (wire: Wire) => wire.send(["SWAPDB", "0", "1"], "OK", { at: 20 })],
  [
    "a script that selects a database",
    "selects a database",
    (wire: Wire) =>
      wire.script("redis.call('SELECT', ARGV[1]) return redis.call('DEL', KEYS[1])", ["lock:stock:p0"], ["3"], 0, {
        at: 20,
      }),
  ],
])("%s is not understood", (_, reason, change) => {
  const { verdict, detail } = judgeWire(mutualExclusion, { wire: turns(change) });
  expect(verdict).toBe("inconclusive");
  expect(detail).toContain(reason);
});

test("a connection that comes back to the first database is in it", () => {
  const back = (wire: Wire): Wire => wire.send(["SELECT", "3"], "OK", { at: 0 }).send(["SELECT", "0"], "OK", { at: 1 });
  const wire = turns(back).grant("b", { at: 40, server: 1 }).free("b", { at: 50, server: 1 });
  expect(judgeWire(mutualExclusion, { wire }).verdict).toBe("pass");
});
