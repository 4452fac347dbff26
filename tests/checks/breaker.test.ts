import { expect, test } from "vitest";
import { breaker } from "../../src/checks/breaker.ts";
import type { Check } from "../../src/checks/check.ts";
import { refusalP99 } from "../../src/checks/refusal-p99.ts";
import type { Attempt } from "../support/histories.ts";
import { type WireStory, judgeWire, kill, wireCase } from "../support/wires.ts";

type State = NonNullable<Attempt["breaker"]>;

function told(breaker: State, since: number, sent: number, ended: number, more: Partial<Attempt> = {}): Attempt {
  return { outcome: breaker === "open" ? "refused" : "sold", breaker, since, sent, ended, ...more };
}

function ruling(
  attempts: readonly Attempt[],
  check: Check = breaker,
  more: WireStory = {},
): { verdict: string; actual: string } {
  return judgeWire(check, { attempts, demands: { breaker: { refusalP99Ms: 50 }, recoveryMs: 30 }, ...more });
}

const CLOSED = told("closed", 0, 1, 5);
const OPEN = [told("open", 10, 12, 13), told("open", 10, 30, 31)];
const AGAIN = told("closed", 50, 60, 65);

test("a breaker that opens, refuses and closes again passes, with or without a look at its probes", () => {
  expect(ruling([CLOSED, ...OPEN, AGAIN])).toMatchObject({ verdict: "pass", actual: "opened and closed" });
  expect(ruling([CLOSED, ...OPEN, told("half_open", 40, 41, 42, { outcome: "refused" }), AGAIN]).verdict).toBe("pass");
});

test("a grant while it was certainly open fails", () => {
  const grant: Attempt = { outcome: "sold", sent: 8, granted: 20, ended: 25 };
  expect(ruling([CLOSED, ...OPEN, grant, AGAIN])).toMatchObject({ verdict: "fail", actual: "1 grant while open" });
  expect(ruling([CLOSED, ...OPEN, { ...grant, server: 1 }, AGAIN]).verdict).toBe("pass");
});

test("a sale without a grant stamp fails only if all of it lay within", () => {
  const sale: Attempt = { outcome: "sold", sent: 15, ended: 25 };
  expect(ruling([CLOSED, ...OPEN, sale, AGAIN]).verdict).toBe("fail");
  expect(ruling([CLOSED, ...OPEN, { ...sale, sent: 9 }, AGAIN]).verdict).toBe("pass");
});

test("a purchase that was granted before may be answered while it is open", () => {
  expect(ruling([CLOSED, ...OPEN, told("open", 10, 6, 20, { outcome: "sold", granted: 8 }), AGAIN]).verdict).toBe(
    "pass",
  );
});

test("states that contradict each other fail", () => {
  expect(ruling([CLOSED, told("open", 10, 12, 13), told("closed", 10, 30, 31)]).verdict).toBe("fail");
  expect(ruling([CLOSED, told("open", 10, 12, 13), told("closed", 0, 30, 31)]).verdict).toBe("fail");
});

test("one that never opened was not tested", () => {
  expect(ruling([CLOSED, told("closed", 0, 60, 65)])).toMatchObject({ verdict: "inconclusive", actual: "never open" });
});

test("one that stays open fails if somebody still found it so long after healing", () => {
  const faults = [{ action: kill({ nodes: [0] }), injected: 5, healed: 20 }];
  const late = told("open", 10, 60, 61);
  expect(ruling([CLOSED, ...OPEN], breaker, { faults }).verdict).toBe("inconclusive");
  expect(ruling([CLOSED, ...OPEN, late], breaker, { faults })).toMatchObject({
    verdict: "fail",
    actual: "still open at the end",
  });
  expect(ruling([CLOSED, ...OPEN, late]).verdict).toBe("inconclusive");
});

test("refusals while it is open are quick, or the promise is missed", () => {
  expect(ruling([CLOSED, ...OPEN], refusalP99)).toMatchObject({ verdict: "pass", actual: "1 ms" });
  expect(ruling([CLOSED, ...OPEN, told("open", 10, 30, 90)], refusalP99).verdict).toBe("fail");
});

test("whoever is not served while it is open is a sample, whatever he was told", () => {
  for (const outcome of ["busy", "error"] as const) {
    expect(ruling([CLOSED, ...OPEN, told("open", 10, 30, 90, { outcome })], refusalP99).verdict).toBe("fail");
  }
  for (const outcome of ["sold", "sold_out"] as const) {
    expect(ruling([CLOSED, ...OPEN, told("open", 10, 30, 90, { outcome })], refusalP99).verdict).toBe("pass");
  }
});

test("a buyer who was sent before it opened is no sample", () => {
  expect(ruling([CLOSED, told("open", 10, 5, 90)], refusalP99).verdict).toBe("inconclusive");
  expect(refusalP99.kind).toBe("performance");
  expect(refusalP99.applies(wireCase({}).plan)).toBe(false);
});
