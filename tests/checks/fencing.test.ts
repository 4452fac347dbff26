import { expect, test } from "vitest";
import { fencing } from "../../src/checks/fencing.ts";
import type { Attempt } from "../support/histories.ts";
import { Wire, type WireStory, judgeWire, wireCase } from "../support/wires.ts";

const wire = (): Wire => new Wire().grant("a", { at: 0 }).free("a", { at: 3 });
const sold = (token: number, sent: number, ended: number): Attempt => ({ outcome: "sold", token, sent, ended });

function ruling(attempts: readonly Attempt[], more: WireStory = {}): { verdict: string; actual: string } {
  return judgeWire(fencing, { wire: wire(), attempts, ...more });
}

test("tokens that rise pass, and concurrent grants may be answered in any order", () => {
  expect(ruling([sold(1, 0, 5), sold(2, 6, 9)]).verdict).toBe("pass");
  expect(ruling([sold(2, 0, 9), sold(1, 1, 9)]).verdict).toBe("pass");
});

test("a lower token for a buyer who came after the other's answer fails", () => {
  expect(ruling([sold(2, 0, 5), sold(1, 6, 9)])).toMatchObject({ verdict: "fail", actual: "1 token out of order" });
});

test("the same token twice fails only if the second grant is stamped", () => {
  expect(ruling([sold(2, 0, 5), sold(2, 6, 9)]).verdict).toBe("pass");
  expect(ruling([sold(2, 0, 5), { ...sold(2, 6, 9), granted: 7 }]).verdict).toBe("fail");
});

test("a row with an older token than a row before it fails", () => {
  const attempts = [sold(2, 0, 9), sold(1, 1, 9)];
  const rows = [
    { attempt: 0, fencingToken: 2 },
    { attempt: 1, fencingToken: 1 },
  ];
  const found = judgeWire(fencing, { wire: wire(), attempts, rows });
  expect(found.verdict).toBe("fail");
  expect(found.evidence?.[0]).toContain("with token 2, then row 2");
  expect(ruling(attempts, { rows: rows.toReversed() }).verdict).toBe("pass");
});

test("a lock that was lost to another, and taken again under the same token, fails", () => {
  const attempts = [sold(1, 0, 5), sold(2, 6, 9)];
  const lost = wire().grant("c", { at: 20 }, 10).grant("d", { at: 40, server: 1 }).free("d", { at: 42, server: 1 });
  expect(ruling(attempts, { wire: lost }).verdict).toBe("pass");
  const again = judgeWire(fencing, { wire: lost.grant("c", { at: 45 }), attempts });
  expect(again).toMatchObject({ verdict: "fail", actual: "1 lock taken again" });
  expect(again.evidence).toHaveLength(3);
});

test("a lock that was given up may be taken again under the same token", () => {
  const attempts = [sold(1, 0, 5), sold(2, 6, 9)];
  const reused = wire().grant("c", { at: 20 }).free("c", { at: 22 }).grant("d", { at: 40, server: 1 });
  expect(ruling(attempts, { wire: reused.free("d", { at: 42, server: 1 }).grant("c", { at: 45 }) }).verdict).toBe(
    "pass",
  );
});

const SNOWFLAKE = 2 ** 62;

test("tokens beyond 2^53 that were rounded to the same number are not known to be out of order", () => {
  const stamped = [sold(SNOWFLAKE, 0, 5), { ...sold(SNOWFLAKE, 6, 9), granted: 7 }];
  expect(ruling(stamped)).toMatchObject({ verdict: "inconclusive", actual: "tokens too large" });
  const attempts = [sold(1, 0, 9), sold(2, 1, 9)];
  const rows = attempts.map((_, attempt) => ({ attempt, fencingToken: SNOWFLAKE }));
  expect(ruling(attempts, { rows })).toMatchObject({ verdict: "inconclusive", actual: "tokens too large" });
});

test("tokens beyond 2^53 that differ all the same are compared", () => {
  expect(ruling([sold(SNOWFLAKE, 0, 5), { ...sold(SNOWFLAKE + 4096, 6, 9), granted: 7 }]).verdict).toBe("pass");
  expect(ruling([sold(SNOWFLAKE + 4096, 0, 5), sold(SNOWFLAKE, 6, 9)]).verdict).toBe("fail");
});

test("without tokens, or without a wire, nothing is known", () => {
  expect(ruling([{ outcome: "sold" }, { outcome: "sold" }]).verdict).toBe("inconclusive");
  expect(ruling([sold(1, 0, 5), sold(2, 6, 9)], { wire: null }).verdict).toBe("inconclusive");
});

test("only a contract that maps a token has this row", () => {
  expect(fencing.applies(wireCase({}).plan)).toBe(true);
  expect(fencing.applies(wireCase({ tokens: false }).plan)).toBe(false);
});
