import { expect, test } from "vitest";
import { firstCome } from "../../src/checks/first-come.ts";
import { type Attempt, type Story, judge } from "../support/histories.ts";

function arrivals(...attempts: (Attempt & { arrived: number })[]): Attempt[] {
  return attempts.map((attempt) => ({ sent: attempt.arrived - 1, ended: 100, ...attempt }));
}

function verdict(attempts: readonly Attempt[], more: Partial<Story> = {}): string {
  return judge(firstCome, { attempts, ...more }).verdict;
}

test("units that went to the first arrivals pass, with the waits and the stamps counted", () => {
  const attempts = arrivals(
    { outcome: "sold", arrived: 1, granted: 3 },
    { outcome: "sold", arrived: 2, granted: 6 },
    { outcome: "sold_out", arrived: 3, granted: 7 },
  );
  const ruling = judge(firstCome, { attempts });
  expect(ruling).toMatchObject({ verdict: "pass", actual: "100 %" });
  expect(ruling.detail).toContain("2 of 2 units in turn");
  expect(ruling.detail).toContain("p50 4 ms and p99 4 ms from arrival to grant (3 samples)");
});

test("last come, first served fails and shows the longest overtaking", () => {
  const attempts = arrivals(
    { outcome: "sold_out", arrived: 1 },
    { outcome: "sold_out", arrived: 2 },
    { outcome: "sold", arrived: 8 },
    { outcome: "sold", arrived: 9 },
  );
  const ruling = judge(firstCome, { attempts });
  expect(ruling).toMatchObject({ verdict: "fail", actual: "0 %" });
  expect(ruling.detail).toContain("longest overtaking 8 ms and 3 places");
  expect(ruling.evidence?.[0]).toMatch(/^attempt 3 .* arrived 8 ms and 3 places after attempt 0 /);
});

test("a buyer who waited in vain for the lock was passed over", () => {
  const attempts = arrivals({ outcome: "busy", arrived: 1 }, { outcome: "sold", arrived: 2 });
  expect(verdict(attempts)).toBe("fail");
});

test.each(["error", "refused", "unknown"] as const)("an attempt that ended as %s is no contender", (outcome) => {
  const attempts = arrivals(
    { outcome, arrived: 1 },
    { outcome: "sold", arrived: 2 },
    { outcome: "sold_out", arrived: 3 },
  );
  expect(verdict(attempts)).toBe("pass");
});

test("the demanded share decides", () => {
  const attempts = arrivals(
    { outcome: "sold_out", arrived: 1 },
    { outcome: "sold", arrived: 2 },
    { outcome: "sold", arrived: 3 },
  );
  expect(verdict(attempts, { demands: { firstCome: 0.5 } })).toBe("pass");
  expect(verdict(attempts, { demands: { firstCome: 0.51 } })).toBe("fail");
});

test("with several processes an overtaking of milliseconds is not certain, one of 30 is", () => {
  const late = (arrived: number): Attempt[] =>
    arrivals({ outcome: "sold_out", arrived: 1 }, { outcome: "sold", arrived });
  expect(verdict(late(20), { stack: { replicas: 2 } })).toBe("pass");
  expect(verdict(late(32), { stack: { replicas: 2 } })).toBe("fail");
  expect(verdict(late(20), { stack: { replicas: 1 } })).toBe("fail");
});

test("without stamps an overtaking counts if the winner was sent after the loser's answer", () => {
  expect(
    verdict([
      { outcome: "sold_out", sent: 0, ended: 5 },
      { outcome: "sold", sent: 6 },
    ]),
  ).toBe("fail");
});

test("without stamps a burst says nothing about who came first", () => {
  expect(
    verdict([
      { outcome: "sold_out", sent: 0, ended: 5 },
      { outcome: "sold", sent: 1 },
    ]),
  ).toBe("inconclusive");
});

test("without stamps, losers who were sent after the winners' answers were served in turn", () => {
  expect(
    verdict([
      { outcome: "sold", sent: 0, ended: 5 },
      { outcome: "sold_out", sent: 6 },
    ]),
  ).toBe("pass");
});

test("when nobody was turned away, everybody was served in turn", () => {
  expect(
    verdict([
      { outcome: "sold", sent: 0 },
      { outcome: "sold", sent: 1 },
    ]),
  ).toBe("pass");
});

test("stamps of another clock do not count, and if they are the most, nothing is concluded", () => {
  const foreign = [
    { outcome: "sold", sent: 5, ended: 8, arrived: 5000 },
    { outcome: "sold_out", sent: 0, ended: 4, arrived: 6000 },
  ] as const;
  const ruling = judge(firstCome, { attempts: foreign });
  expect(ruling.verdict).toBe("inconclusive");
  expect(ruling.detail).toContain("2 stamps not plausible");
});

test("a fair shop passes over an order for more than is left", () => {
  const orders = [1, 3].map((quantity) => ({ lines: [{ product: 0, quantity }] }));
  const attempts = arrivals(
    { outcome: "sold", arrived: 1 },
    { outcome: "sold_out", arrived: 2, order: 1 },
    { outcome: "sold", arrived: 3 },
  );
  expect(verdict(attempts, { stock: [2], orders })).toBe("pass");
});

test("an order that was passed over although it fitted was overtaken", () => {
  const orders = [1, 2].map((quantity) => ({ lines: [{ product: 0, quantity }] }));
  const attempts = arrivals(
    { outcome: "sold_out", arrived: 1, order: 1 },
    { outcome: "sold", arrived: 2, order: 1 },
    { outcome: "sold", arrived: 3 },
  );
  expect(verdict(attempts, { stock: [3], orders })).toBe("fail");
});

test("products have queues of their own", () => {
  const orders = [0, 1].map((product) => ({ lines: [{ product, quantity: 1 }] }));
  const attempts = arrivals({ outcome: "sold_out", arrived: 1, order: 1 }, { outcome: "sold", arrived: 2, order: 0 });
  expect(verdict(attempts, { stock: [1, 0], orders })).toBe("pass");
});

test("no sale is no evidence, and a scenario that demands nothing has no such row", () => {
  expect(verdict(arrivals({ outcome: "busy", arrived: 1 }))).toBe("inconclusive");
});

test("a burst that a proxy turns round on the way is judged by its arrivals, unless these may be of serving", () => {
  const turned = (waits: number): Attempt[] =>
    Array.from({ length: 40 }, (_, place): Attempt => {
      const arrived = 5 + (40 - place) * 0.5;
      return { outcome: place >= 30 ? "sold" : "sold_out", sent: place * 0.1, arrived, ended: arrived + waits };
    });
  expect(verdict(turned(60), { behindProxy: true })).toBe("pass");
  // Without a proxy nothing on the way explains it.
  expect(verdict(turned(60))).toBe("inconclusive");
  // Answered at once after the stamp: the waiting was before it.
  expect(verdict(turned(1), { behindProxy: true })).toBe("inconclusive");
});

test("stamps that run against the order of sending are of serving, not of arriving: nothing is concluded", () => {
  const buyers = Array.from({ length: 40 }, (_, place) => place);
  const servedLastFirst = buyers.map((place): Attempt => {
    const arrived = 50 - place;
    return { outcome: arrived <= 20 ? "sold" : "sold_out", sent: place * 0.1, arrived, ended: 100 };
  });
  expect(verdict(servedLastFirst)).toBe("inconclusive");
  const servedInTurn = buyers.map((place): Attempt => {
    return { outcome: place < 10 ? "sold" : "sold_out", sent: place * 0.1, arrived: place + 5, ended: 100 };
  });
  expect(verdict(servedInTurn)).toBe("pass");
});
