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

const handedOneByOne = [0, 10, 20].map(
  (arrived) => ({ outcome: "sold", sent: 0, arrived, ended: arrived + 9 }) as const,
);
const twoAtOnce = { contention: { inFlight: 2, spreadMs: null } };

test("a burst that its proxy handed over one by one proves nothing, however many were in flight", () => {
  const ruling = judge(contention, { attempts: handedOneByOne, demands: twoAtOnce, behindProxy: true });
  expect(ruling).toMatchObject({ verdict: "inconclusive", actual: "3 in flight within 0 ms" });
  expect(ruling.detail).toContain("only 0 attempts certainly waited at the server at once");
});

test("who met at the server competed, on whatever way they came", () => {
  const met = handedOneByOne.map((attempt) => ({ ...attempt, granted: 28, ended: 30 }));
  expect(judge(contention, { attempts: met, demands: twoAtOnce, behindProxy: true }).verdict).toBe("pass");
  const direct = judge(contention, { attempts: handedOneByOne, demands: twoAtOnce });
  expect(direct.verdict).toBe("pass");
  expect(direct.detail).toContain("1 at the server at once");
});

test("a crowd that came when all was sold proves nothing of how it was sold", () => {
  const sold = [0, 1, 2].map((at) => ({ outcome: "sold", sent: 0, arrived: at * 10, ended: at * 10 + 5 }) as const);
  const late = times(5, { outcome: "sold_out", sent: 0, arrived: 30, ended: 40 });
  const crowd = [...sold, { ...late[0], outcome: "sold_out", arrived: 28, ended: 29 } as const, ...late];
  const ruling = judge(contention, { attempts: crowd, demands: twoAtOnce, behindProxy: true });
  expect(ruling.verdict).toBe("inconclusive");
  expect(ruling.detail).toContain("only 0 attempts certainly waited at the server at once");
  const early = crowd.map((attempt) => ({ ...attempt, arrived: 0, granted: 4 }));
  expect(judge(contention, { attempts: early, demands: twoAtOnce, behindProxy: true }).verdict).toBe("pass");
});

test("behind a proxy a late answer does not show that its buyer was there for so long", () => {
  const late = handedOneByOne.map((attempt) => ({ ...attempt, ended: 200 }));
  expect(judge(contention, { attempts: late, demands: twoAtOnce, behindProxy: true }).verdict).toBe("inconclusive");
});

test("without stamps the buyers' side is all there is to judge by", () => {
  const ruling = judge(contention, { attempts: together, demands: twoAtOnce, behindProxy: true });
  expect(ruling.verdict).toBe("pass");
  expect(ruling.detail).toContain("arrivals not stamped");
});
