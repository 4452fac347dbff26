import { expect, test } from "vitest";
import { contention } from "../../src/checks/contention.ts";
import { judge, times } from "../support/histories.ts";

const together = times(3, { outcome: "sold", sent: 0, ended: 10 });

test("enough buyers at once pass, with the generator's CPU beside them", () => {
  const ruling = judge(contention, {
    attempts: together,
    demands: { contention: { inFlight: 3, spreadMs: 5 } },
    cpu: 42,
  });
  expect(ruling).toMatchObject({ verdict: "pass", actual: "3 in flight within 0 ms" });
  expect(ruling.detail).toContain("generator CPU 42 %");
});

test("too few at once is inconclusive, never a failure", () => {
  const demands = { contention: { inFlight: 4, spreadMs: null } };
  expect(judge(contention, { attempts: together, demands }).verdict).toBe("inconclusive");
});

test("a burst that is spread too far is inconclusive, a ramp may be spread", () => {
  const attempts = [...together, { outcome: "sold", sent: 8, ended: 20 } as const];
  const demands = { contention: { inFlight: 2, spreadMs: 5 } };
  expect(judge(contention, { attempts, demands }).verdict).toBe("inconclusive");
  expect(judge(contention, { attempts, demands, load: { spawnRate: 100 } }).verdict).toBe("pass");
  expect(judge(contention, { attempts, demands, load: { runTimeMs: 100 } }).verdict).toBe("pass");
});

test("one buyer, however busy, competes with nobody", () => {
  const attempts = times(3, { outcome: "sold", buyer: 1, sent: 0, ended: 10 });
  expect(judge(contention, { attempts }).verdict).toBe("inconclusive");
  expect(judge(contention, { attempts: [], demands: { contention: { inFlight: 0, spreadMs: null } } }).verdict).toBe(
    "inconclusive",
  );
});

test("those who were throttled or failed do not count as competing", () => {
  const turnedAway = times(50, { outcome: "refused", sent: 0, ended: 10 });
  const failed = times(50, { outcome: "error", sent: 0, ended: 10 });
  const demands = { contention: { inFlight: 3, spreadMs: null } };
  const oneByOne = [0, 10, 20].map((sent) => ({ outcome: "sold", sent, ended: sent + 10 }) as const);
  expect(judge(contention, { attempts: [...turnedAway, ...failed, ...oneByOne], demands })).toMatchObject({
    verdict: "inconclusive",
    actual: expect.stringContaining("1 in flight") as unknown,
  });
  const unanswered = times(2, { outcome: "unknown", sent: 0, ended: 10 });
  const attempts = [...unanswered, { outcome: "sold", sent: 0, ended: 10 } as const];
  expect(judge(contention, { attempts, demands }).verdict).toBe("pass");
});
