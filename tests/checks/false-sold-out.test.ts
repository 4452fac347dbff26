import { expect, test } from "vitest";
import { falseSoldOut } from "../../src/checks/false-sold-out.ts";
import { judgeWhatShows } from "../../src/checks/check.ts";
import { type Attempt, type Story, caseOf, judge } from "../support/histories.ts";

function verdict(attempts: readonly Attempt[], more: Partial<Story> = {}): string {
  return judge(falseSoldOut, { attempts, stock: [1], ...more }).verdict;
}

const winner: Attempt = { outcome: "sold", sent: 20, ended: 30 };
const loser: Attempt = { outcome: "sold_out", sent: 5, ended: 15 };
/** Without anybody who is sent after an answer, nobody could find out that it was false. */
const late: Attempt = { outcome: "sold_out", sent: 40, ended: 50 };

test("a sold-out answer before a later-sent sale fails, and both are shown", () => {
  const ruling = judge(falseSoldOut, { attempts: [loser, winner], stock: [1] });
  expect(ruling).toMatchObject({ verdict: "fail", actual: "1 false sold-out" });
  expect(ruling.evidence?.[0]).toContain("attempt 0 (buyer-0, sold_out");
  expect(ruling.evidence?.[0]).toContain("attempt 1 (buyer-1, sold");
});

test("a sold-out answer while the sale was under way may be true", () => {
  expect(verdict([loser, { ...winner, sent: 14 }, late])).toBe("pass");
});

test("a grant after the sold-out answer proves that the unit was free, though the sale was sent before", () => {
  expect(verdict([loser, { ...winner, sent: 10, granted: 16 }])).toBe("fail");
});

test("a grant stamp outside the winner's own time is not believed", () => {
  expect(verdict([loser, { ...winner, sent: 10, granted: 99 }, late])).toBe("pass");
});

test("an answer after which nobody was sent, and no grant is stamped, tests nothing, and nobody insists on it", () => {
  const burst = [{ ...winner, sent: 1 }, loser, { ...loser, sent: 6 }];
  expect(judge(falseSoldOut, { attempts: burst, stock: [1] })).toMatchObject({ verdict: "inconclusive" });
  const left = judgeWhatShows([falseSoldOut], caseOf({ attempts: burst, stock: [1] }));
  expect(left.checks).toEqual([]);
  expect(left.remarks).toEqual([expect.stringMatching(/^left out: false_sold_out: every buyer had been sent before/)]);
});

test("says how many answers were tested: those before the last buyer, or all where sales stamp their grants", () => {
  const attempts = [{ ...winner, sent: 1 }, loser, late];
  const tested = (more: readonly Attempt[]): string => judge(falseSoldOut, { attempts: more, stock: [1] }).detail;
  expect(tested(attempts)).toMatch(/^1 of 2 sold-out answers tested/);
  expect(tested([{ ...winner, sent: 1, granted: 4 }, loser, late])).toMatch(/^2 of 2 sold-out answers tested/);
});

test.each(["error", "busy", "refused", "unknown"] as const)(
  "a purchase that ended as %s may have held the unit meanwhile",
  (outcome) => {
    expect(verdict([{ outcome, sent: 0, ended: 10 }, loser, winner])).toBe("pass");
    expect(verdict([{ outcome, sent: 16, ended: 18 }, loser, winner])).toBe("fail");
  },
);

test("an answered failure holds nothing after its answer, but silence may hold for ever", () => {
  expect(verdict([{ outcome: "error", sent: 0, ended: 4 }, loser, winner])).toBe("fail");
  expect(verdict([{ outcome: "unknown", sent: 0, ended: 4 }, loser, winner])).toBe("pass");
});

test("an unanswered purchase that kept its unit has given nothing back", () => {
  const attempts = [{ outcome: "unknown", sent: 0, ended: 4 }, loser, winner] as const;
  expect(verdict(attempts, { stock: [2], rows: [{ attempt: 0 }, { attempt: 2 }] })).toBe("fail");
});

test("one held unit does not explain two later sales", () => {
  const held: Attempt = { outcome: "error", sent: 0, ended: 10 };
  expect(verdict([held, loser, winner, winner], { stock: [2] })).toBe("fail");
});

test("whoever wanted three is rightly turned away from two", () => {
  const orders = [{ lines: [{ product: 0, quantity: 1 }] }, { lines: [{ product: 0, quantity: 3 }] }];
  expect(verdict([{ ...loser, order: 1 }, winner, winner], { stock: [2], orders })).toBe("pass");
  expect(verdict([{ ...loser, order: 1 }, winner, winner, winner], { stock: [3], orders })).toBe("fail");
});

test("a basket is turned away wrongly only if all of it was free", () => {
  const orders = [0, 1].map((product) => ({ lines: [{ product, quantity: 1 }] }));
  const basket = { lines: orders.flatMap(({ lines }) => lines) };
  const attempts: Attempt[] = [
    { ...loser, order: 2 },
    { ...winner, order: 0 },
  ];
  const story = { stock: [1, 1], orders: [...orders, basket] };
  expect(verdict([...attempts, { ...late, order: 2 }], story)).toBe("pass");
  expect(verdict([...attempts, { ...winner, order: 1 }], story)).toBe("fail");
});

test("a basket that found its second line gone may have held the first", () => {
  const basket = {
    lines: [
      { product: 0, quantity: 1 },
      { product: 1, quantity: 1 },
    ],
  };
  const orders = [{ lines: [{ product: 0, quantity: 1 }] }, basket];
  expect(verdict([{ ...loser, order: 1 }, loser, winner], { stock: [1, 0], orders })).toBe("pass");
});

test("another product's sale proves nothing", () => {
  const orders = [0, 1].map((product) => ({ lines: [{ product, quantity: 1 }] }));
  expect(verdict([loser, { ...winner, order: 1 }, late], { stock: [1, 1], orders })).toBe("pass");
  // Nor can somebody who wanted that one find out about this one.
  expect(verdict([loser, { ...winner, order: 1 }], { stock: [1, 1], orders })).toBe("inconclusive");
});

test("no sold-out answer is right when there was enough, and otherwise no test", () => {
  expect(verdict([winner])).toBe("pass");
  expect(verdict([winner, { outcome: "busy" }])).toBe("inconclusive");
  expect(verdict([{ outcome: "refused" }])).toBe("inconclusive");
});
