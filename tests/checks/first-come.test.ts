import { expect, test } from "vitest";
import { firstCome } from "../../src/checks/first-come.ts";
import { type Attempt, type Story, judge, planOf } from "../support/histories.ts";

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

test("a buyer who comes back keeps the place of his first arrival, and counts once", () => {
  const load = { retry: { pauseMs: 1, withinMs: 1000 } };
  const turnedAway = arrivals(
    { outcome: "busy", arrived: 1, buyer: 0 },
    { outcome: "sold", arrived: 2, buyer: 1 },
    { outcome: "busy", arrived: 3, buyer: 2 },
  );
  const back = (outcome: "sold" | "sold_out" | "unknown", buyer: number): Attempt => ({
    outcome,
    buyer,
    sent: 150,
    arrived: 151,
    ended: 160,
  });
  expect(verdict([...turnedAway, back("sold", 0), back("sold_out", 2)], { load })).toBe("pass");
  expect(verdict([...turnedAway, back("sold_out", 0), back("sold_out", 2)], { load })).toBe("fail");
  // Who knows whether buyer 0 was served in the end?
  expect(verdict([...turnedAway, back("unknown", 0), back("sold_out", 2)], { load })).toBe("pass");
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

/** 300 buyers who arrive within 20 ms at two servers, in turn; each is answered after all have come. */
function burst(sold: (place: number) => boolean, server = (place: number): number => place % 2): Attempt[] {
  return Array.from({ length: 300 }, (_, place) => {
    const arrived = 10 + place / 15;
    return { outcome: sold(place) ? "sold" : "sold_out", sent: arrived - 5, arrived, ended: 90, server: server(place) };
  });
}

const twoServers = { stack: { replicas: 2 }, stock: [100] };

test("within each of several servers the order is certain, however short the burst", () => {
  expect(
    verdict(
      burst((place) => place < 100),
      twoServers,
    ),
  ).toBe("pass");
  const lastFirst = judge(firstCome, { attempts: burst((place) => place >= 200), ...twoServers });
  expect(lastFirst).toMatchObject({ verdict: "fail", actual: "0 %" });
  expect(lastFirst.detail).toContain("0 of 100 units in turn at their server");
  // One server sells more than the other: between them a burst has no order.
  const uneven = burst((place) => (place % 2 === 0 ? place < 40 : place < 160));
  expect(verdict(uneven, twoServers)).toBe("pass");
});

test("a burst in which nobody had a rival at his own server says nothing", () => {
  const lastServer = (place: number): number => (place < 200 ? 0 : 1);
  const ruling = judge(firstCome, { attempts: burst((place) => place >= 200, lastServer), ...twoServers });
  expect(ruling).toMatchObject({ verdict: "inconclusive", actual: "100 %" });
  expect(ruling.detail).toContain("on no server did enough buyers compete");
  // With no buyer left over nobody was passed over.
  expect(
    verdict(
      burst(() => true, lastServer),
      { ...twoServers, stock: [300] },
    ),
  ).toBe("pass");
});

test("between servers an overtaking is certain once the loser's server has served others since he came, and 25 ms are over", () => {
  const sale = (winner: number, served: number): Story => ({
    ...twoServers,
    attempts: arrivals(
      { outcome: "sold", arrived: 1, granted: 2, server: 0 },
      { outcome: "sold_out", arrived: 3, granted: 90, server: 0 },
      { outcome: "sold_out", arrived: 4, granted: served, server: 0 },
      { outcome: "sold", arrived: winner, granted: 92, server: 1 },
    ),
  });
  // He came to server 0 at 3 ms, and it served somebody at 10 ms: by 35 ms he stood in the queue.
  expect(judge(firstCome, sale(34, 10)).verdict).toBe("pass");
  const overtaken = judge(firstCome, sale(36, 10));
  expect(overtaken).toMatchObject({ verdict: "fail", actual: "50 %" });
  expect(overtaken.evidence?.[0]).toMatch(
    /^attempt 3 .* arrived 1 ms and \d places? after attempt [12] .* queue of all servers$/,
  );
  // Its loop may have stood still until 60 ms.
  expect(judge(firstCome, sale(36, 60)).verdict).toBe("pass");
});

test("a share within each server can be demanded of shops that promise no order between servers", () => {
  const demands = { firstCome: null, firstComePerServer: 0.99 };
  expect(
    verdict(
      burst((place) => place < 100),
      { ...twoServers, demands },
    ),
  ).toBe("pass");
  expect(
    verdict(
      burst((place) => place >= 200),
      { ...twoServers, demands },
    ),
  ).toBe("fail");
  expect(judge(firstCome, { attempts: burst((place) => place < 100), ...twoServers, demands }).expected).toBe(
    "≥ 99 % to the first arrivals of each server",
  );
  expect(firstCome.applies(planOf({ demands }))).toBe(true);
  expect(firstCome.applies(planOf({ demands: { firstCome: null } }))).toBe(false);
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
