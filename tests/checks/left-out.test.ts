import { expect, test } from "vitest";
import { checksFor } from "../../src/checks/all.ts";
import { type Case, type Judged, judgeWhatShows } from "../../src/checks/check.ts";
import { Wire, type WireStory, lockKey, wireCase } from "../support/wires.ts";

/** Whoever releases hands the lock on to the next in a queue, as Redis knows it. */
const HAND_ON = `local next = redis.call('LPOP', KEYS[2])
if next then redis.call('SET', KEYS[1], next, 'PX', ARGV[1]) else redis.call('DEL', KEYS[1]) end
return next`;
const OF_LOCKS = ["mutual_exclusion", "fencing", "foreign_release", "leaked_lock"];

const turns = (): Wire =>
  new Wire()
    .grant("a", { at: 0 })
    .refuse("b", { at: 1, server: 1 })
    .free("a", { at: 3 })
    .grant("b", { at: 5, server: 1 })
    .free("b", { at: 8, server: 1 });
const handedOn = (): Wire => turns().script(HAND_ON, [lockKey({}), "queue"], [1000], "b", { at: 9 });

function judged(wire: Wire | null, tapForFaults: boolean, story: WireStory = {}): Judged {
  const base = wireCase({ wire, ...story });
  const run: Case = { ...base, plan: { ...base.plan, stack: { ...base.plan.stack, tapForFaults } } };
  return judgeWhatShows(checksFor(run.plan), run);
}

function verdicts({ checks }: Judged): Readonly<Record<string, string>> {
  return Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]));
}

test("a lock that passes on within Redis is not judged where the tap is there for faults, and one remark says so", () => {
  const left = judged(handedOn(), true);
  for (const name of OF_LOCKS) expect(verdicts(left)).not.toHaveProperty(name);
  expect(left.remarks).toEqual([
    expect.stringMatching(/^left out: mutual_exclusion, fencing, foreign_release, leaked_lock: .*SET.*tap: true/),
  ]);
});

test("what does not go by the wire is judged all the same: a shop that sold too much fails", () => {
  const left = judged(handedOn(), true, { stock: [0] });
  expect(verdicts(left)["oversold"]).toBe("fail");
});

test("a key that lives for ever fails, whatever is left out", () => {
  const key = { source: "redis", product: 0, key: lockKey({}), holder: "b", pttlMs: -1 };
  const left = judged(handedOn(), true, { locks: [key] });
  expect(verdicts(left)["leaked_lock"]).toBe("fail");
  expect(left.remarks).toEqual([expect.stringMatching(/^left out: mutual_exclusion, fencing, foreign_release: /)]);
});

test("whoever asks for a tap is told that nobody can know, and the reason once", () => {
  const told = judged(handedOn(), false);
  expect(told.remarks).toEqual([]);
  const details = told.checks
    .filter(({ name }) => OF_LOCKS.includes(name))
    .map(({ verdict, detail }) => [verdict, detail]);
  expect(details).toEqual([
    ["inconclusive", expect.stringContaining("cannot be worked out")],
    ...[1, 2, 3].map(() => ["inconclusive", "for the same reason as mutual_exclusion"]),
  ]);
});

test("a lock that can be followed, one that is not understood for another reason, and a lost wire keep their rows", () => {
  const twice = turns().grant("c", { at: 20 }).grant("d", { at: 21, server: 1 });
  expect(verdicts(judged(twice, true))["mutual_exclusion"]).toBe("fail");
  const strange = turns().script("return redis.call('HINCRBY', KEYS[1], 1)", [lockKey({})], [], 1, { at: 9 });
  for (const wire of [strange, null]) {
    const kept = judged(wire, true);
    for (const name of OF_LOCKS) expect(verdicts(kept)[name]).toBe("inconclusive");
    expect(kept.remarks).toEqual([]);
  }
});
