import { expect, test } from "vitest";
import { foreignRelease } from "../../../src/checks/foreign-release.ts";
import { leakedLock } from "../../../src/checks/leaked-lock.ts";
import { readLockLog } from "../../../src/checks/lock-log/read-log.ts";
import { triesIn } from "../../../src/checks/lock-log/tries.ts";
import { mutualExclusion } from "../../../src/checks/mutual-exclusion.ts";
import { Wire, judgeWire, lockKey, wireCase } from "../../support/wires.ts";

const LOCK = lockKey({});
const NX = (token: string): string[] => ["SET", LOCK, token, "NX", "PX", "1000"];

/** Two owners of one server share its connection: one read the lock before it gave it up, the other has it now. */
function sharedConnection(): Wire {
  return new Wire()
    .send(NX("tA"), "OK", { at: 0 })
    .send(NX("tB"), null, { at: 1, server: 1 })
    .send(["GET", LOCK], "tA", { at: 10 })
    .send(["DEL", LOCK], 1, { at: 12 })
    .send(["GET", LOCK], null, { at: 14 })
    .send(NX("tD"), "OK", { at: 16 })
    .send(["DEL", LOCK], 1, { at: 20 })
    .send(NX("tB"), "OK", { at: 30, server: 1 })
    .send(["DEL", LOCK], 1, { at: 35, server: 1 });
}

test.each([
  ["foreign_release", foreignRelease],
  ["mutual_exclusion", mutualExclusion],
  ["leaked_lock", leakedLock],
])("what was read before is nobody's name later: %s passes a shop that shares its connection", (_, check) => {
  const { verdict, evidence } = judgeWire(check, { wire: sharedConnection() });
  expect({ verdict, evidence: evidence ?? [] }).toEqual({ verdict: "pass", evidence: [] });
});

test.each([
  ["GET found nothing since", (wire: Wire) => wire.send(["GET", LOCK], null, { at: 1200 })],
  [
    "the same server was granted it since, and has deleted without reading",
    (wire: Wire) =>
      wire
        .send(NX("tC"), "OK", { at: 1100 })
        .send(["GET", LOCK], "tC", { at: 1120 })
        .send(NX("tD"), "OK", { at: 2200 }),
  ],
])("a reading names nobody when %s", (_, later) => {
  const wire = new Wire()
    .send(NX("tZ"), "OK", { at: 0 })
    .send(["DEL", LOCK], 1, { at: 1 })
    .send(NX("tA"), "OK", { at: 10 })
    .send(["GET", LOCK], "tA", { at: 12 });
  const { ops } = readLockLog(later(wire).send(["DEL", LOCK], 1, { at: 2210 }).log, wireCase({}).plan);
  expect(ops.at(-1)).toMatchObject({ deed: "release", token: null });
});

/** Whoever releases looks first. The second owner of the same server has it when the first one deletes. */
function twoSteps(between: (wire: Wire) => Wire): Wire {
  return between(new Wire().send(NX("tA"), "OK", { at: 0 }).send(["GET", LOCK], "tA", { at: 990 }))
    .send(["DEL", LOCK], 1, { at: 1020 })
    .send(["GET", LOCK], null, { at: 1030 });
}

test("a server that reads before each DEL is found out when it deletes its next owner's lock", () => {
  const wire = twoSteps((before) => before.send(NX("tD"), "OK", { at: 1010 }));
  const { verdict, detail } = judgeWire(foreignRelease, { wire });
  expect(verdict).toBe("fail");
  expect(detail).toContain('held for "tD", and struck by "tA"');
});

test("where several look at the lock, a reading is no announcement of a DEL", () => {
  const wire = twoSteps((before) => before.send(["GET", LOCK], "tA", { at: 995 }).send(NX("tD"), "OK", { at: 1010 }));
  expect(judgeWire(foreignRelease, { wire }).verdict).toBe("pass");
});

test("whoever reads his token, and deletes what another server has by then, is found out all the same", () => {
  const wire = new Wire()
    .send(NX("tA"), "OK", { at: 0 })
    .send(["GET", LOCK], "tA", { at: 990 })
    .send(NX("tB"), "OK", { at: 1010, server: 1 })
    .send(["DEL", LOCK], 1, { at: 1020 });
  const { ops } = readLockLog(wire.log, wireCase({}).plan);
  expect(ops.at(-1)).toMatchObject({ token: "tA" });
  expect(judgeWire(foreignRelease, { wire }).verdict).toBe("fail");
});

test("many who were refused do not make it long to find whose a DEL is", () => {
  const wire = new Wire();
  const many = 20_000;
  for (let turn = 0; turn < many; turn += 1) {
    wire
      .send(NX(`refused-${String(turn)}`), null, { at: turn })
      .send(NX(`granted-${String(turn)}`), "OK", { at: turn + 0.2 })
      .send(["DEL", LOCK], 1, { at: turn + 0.7 });
  }
  const tries = triesIn(readLockLog(wire.log, wireCase({}).plan).ops);
  expect(tries.filter(({ released }) => released.length === 1)).toHaveLength(many);
});
