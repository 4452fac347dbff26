import { expect, test } from "vitest";
import type { Check } from "../../src/checks/check.ts";
import { fencing } from "../../src/checks/fencing.ts";
import { foreignRelease } from "../../src/checks/foreign-release.ts";
import { leakedLock } from "../../src/checks/leaked-lock.ts";
import { mutualExclusion } from "../../src/checks/mutual-exclusion.ts";
import { type Damage, type Habits, SOUND, isBusy, simulate } from "../support/redlock-simulation.ts";
import { wireCase } from "../support/wires.ts";

const CHECKS = [mutualExclusion, foreignRelease, leakedLock, fencing];
const SOUND_SCHEDULES = 600;
const BROKEN_SCHEDULES = 240;
/** Hundreds of schedules are judged: on a busy machine that takes its time. */
const SCHEDULES_WITHIN_MS = 180_000;

function verdicts(checks: readonly Check[], seed: number, habits: Habits): { readonly said: string[]; damage: Damage } {
  const { wire, faults, damage } = simulate(seed, habits);
  const run = wireCase({ wire, faults, nodes: 5 });
  return { said: checks.map((check) => `${check.name} ${check.judge(run).verdict}`), damage };
}

test(
  "a sound Redlock raises no alarm, whatever is late, lost, killed or cut off",
  () => {
    const passed = new Map(CHECKS.map(({ name }) => [`${name} pass`, 0]));
    for (let seed = 1; seed <= SOUND_SCHEDULES; seed += 1) {
      const { said, damage } = verdicts(CHECKS, seed, SOUND);
      expect(Object.values(damage).every((amount) => amount === 0)).toBe(true);
      expect(`${String(seed)}: ${said.join(", ")}`).not.toContain("fail");
      for (const word of said) passed.set(word, (passed.get(word) ?? 0) + 1);
    }
    // Nor is it inconclusive all the time. Its answers carry no tokens, so fencing is.
    for (const { name } of [mutualExclusion, foreignRelease, leakedLock]) {
      expect(passed.get(`${name} pass`)).toBeGreaterThan(SOUND_SCHEDULES * 0.9);
    }
  },
  SCHEDULES_WITHIN_MS,
);

/**
 * The simulation knows more than the wire: what was possible is `loose`, and
 * nothing may be said without it; what must be noticed, most of the time, is `strict`.
 */
test.each<[string, Check, Partial<Habits>, keyof Damage, keyof Damage, number]>([
  ["a release without a look at the owner", foreignRelease, { compares: false }, "struck", "struck", 0.9],
  ["two of five for a majority", mutualExclusion, { quorum: 2 }, "minority", "minority", 0.4],
  ["a node that forgot and grants at once", mutualExclusion, { quarantines: false }, "together", "together", 0.4],
  ["no look at the lease before the write", mutualExclusion, { minds: false }, "trespassed", "grave", 0.4],
  ["one token for a whole server", foreignRelease, { ownToken: false }, "shared", "shared", 0.4],
  ["a failed try given up only where it was granted", leakedLock, { releasesAll: false }, "leaked", "leaked", 0.9],
])(
  "%s is caught where it did damage, and nowhere else",
  (_, check, flaw, loose, strict, least) => {
    let [damaged, caught] = [0, 0];
    for (let seed = 1; seed <= BROKEN_SCHEDULES; seed += 1) {
      const { said, damage } = verdicts([check], seed, { ...SOUND, ...flaw });
      const failed = said[0]?.endsWith("fail") === true;
      if (damage[loose] === 0) expect(`${String(seed)}: ${failed ? "false alarm" : "silent"}`).not.toContain("alarm");
      if (damage[strict] === 0 || isBusy(seed)) continue;
      damaged += 1;
      if (failed) caught += 1;
    }
    expect(damaged).toBeGreaterThan(5);
    expect(caught / damaged).toBeGreaterThan(least);
  },
  SCHEDULES_WITHIN_MS,
);
