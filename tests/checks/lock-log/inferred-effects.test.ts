import { expect, test } from "vitest";
import { foreignRelease } from "../../../src/checks/foreign-release.ts";
import { readLockLog } from "../../../src/checks/lock-log/read-log.ts";
import { mutualExclusion } from "../../../src/checks/mutual-exclusion.ts";
import { Wire, judgeWire, lockKey, wireCase } from "../../support/wires.ts";

const LOCK = lockKey({});

/** How simple-redis-mutex 3.0 releases: it answers nothing, whatever it did. */
const TELLS_NOTHING = `
  if redis.call("GET", KEYS[1]) == ARGV[1] then
    redis.call("DEL", KEYS[1])
    redis.call("PUBLISH", KEYS[2], string.format('{ "key": "%s" }', KEYS[1]))
  end
`;
/** How murlock 4.4 takes a lock: it answers 1 as well where it has it already. */
const TAKEN_OR_KEPT = `
  if redis.call("get", KEYS[1]) == ARGV[1] or redis.call("set", KEYS[1], ARGV[1], "NX", "PX", ARGV[2]) then
    return 1
  else
    return 0
  end
`;

function effectsOf(wire: Wire): string[] {
  const { wire: log, plan } = wireCase({ wire });
  if (log === null) throw new Error("a case without a wire");
  const { ops, opaque } = readLockLog(log, plan);
  expect(opaque).toEqual([]);
  return ops.map(({ deed, effect }) => `${deed} ${effect}`);
}

type When = Parameters<Wire["script"]>[4];
const silent = (wire: Wire, token: string, at: When): Wire =>
  wire.script(TELLS_NOTHING, [LOCK, "releases"], [token], null, at);
const keep = (wire: Wire, token: string, at: When, reply = 1): Wire =>
  wire.script(TAKEN_OR_KEPT, [LOCK], [token, "100"], reply, at);

test("a release that tells nothing has freed the lock while its owner's lease ran, and only once", () => {
  const wire = silent(silent(new Wire().grant("a", { at: 0 }, 100), "a", { at: 50 }), "a", { at: 60 });
  expect(effectsOf(wire)).toEqual(["acquire yes", "release yes", "release unknown"]);
});

test.each([
  ["the lease may be over", silent(new Wire().grant("a", { at: 0 }, 100), "a", { at: 98 })],
  ["nobody knows of a grant", silent(new Wire().grant("a", { at: 0, lost: "no reply" }, 100), "a", { at: 50 })],
  [
    "another connection may have been first",
    silent(new Wire().grant("a", { at: 0, took: 9 }), "a", { at: 4, connection: 7 }),
  ],
  [
    "the lease was set anew by who knows whom",
    silent(new Wire().grant("a", { at: 0 }).send(["PEXPIRE", LOCK, "1"], 1, { at: 20, server: 1 }), "a", { at: 50 }),
  ],
])("a release that tells nothing stays untold where %s", (_, wire) => {
  expect(effectsOf(wire).at(-1)).toBe("release unknown");
});

test("whoever writes after a release that told nothing is seen, and such releases count", () => {
  const turns = (): Wire =>
    silent(new Wire().grant("a", { at: 0 }).refuse("b", { at: 1, server: 1 }).set("7", { at: 2 }), "a", { at: 3 })
      .grant("b", { at: 5, server: 1 })
      .set("6", { at: 6, server: 1 });
  const sound = silent(turns(), "b", { at: 9, server: 1 });
  expect(judgeWire(mutualExclusion, { wire: sound }).verdict).toBe("pass");
  expect(judgeWire(foreignRelease, { wire: sound }).detail).toContain("2 releases and 0 extensions had an effect");
  const late = silent(turns().set("6", { at: 7 }), "b", { at: 9, server: 1 });
  expect(judgeWire(mutualExclusion, { wire: late }).actual).toBe("1 violation: after its release");
});

test("where no answer tells whether anything was released the row says so", () => {
  const wire = silent(new Wire().grant("a", { at: 0 }, 10), "a", { at: 50 });
  expect(judgeWire(foreignRelease, { wire })).toMatchObject({ verdict: "inconclusive", actual: "releases not told" });
});

test("a lock that is taken or kept is taken by whoever did not have it yet", () => {
  const wire = keep(keep(new Wire(), "a", { at: 0 }), "b", { at: 1, server: 1 }, 0).free("a", { at: 5 });
  keep(keep(wire, "b", { at: 6, server: 1 }), "b", { at: 8, server: 1 });
  expect(effectsOf(wire)).toEqual(["acquire yes", "acquire no", "release yes", "acquire yes", "acquire unknown"]);
  expect(judgeWire(mutualExclusion, { wire }).verdict).toBe("pass");
  keep(wire, "c", { at: 9 });
  expect(judgeWire(mutualExclusion, { wire }).verdict).toBe("fail");
});

test("whoever had the lock, and gave it up, has it anew only if the release certainly came first", () => {
  const taken = (): Wire => keep(new Wire(), "a", { at: 0 });
  expect(effectsOf(keep(taken().free("a", { at: 5 }), "a", { at: 6 })).at(-1)).toBe("acquire yes");
  const overlapping = taken().free("a", { at: 5, took: 9, connection: 7 });
  expect(effectsOf(keep(overlapping, "a", { at: 6 })).at(-1)).toBe("acquire unknown");
});
