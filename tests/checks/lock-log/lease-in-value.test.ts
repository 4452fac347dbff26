import { expect, test } from "vitest";
import { leakedLock } from "../../../src/checks/leaked-lock.ts";
import { isMoment } from "../../../src/checks/lock-log/lease-in-value.ts";
import { mutualExclusion } from "../../../src/checks/mutual-exclusion.ts";
import { Wire, judgeWire, lockKey } from "../../support/wires.ts";

const LOCK = lockKey({});
const MOMENT = "1795700000.5";
const LATER = "1795700030.25";

/** SETNX, and whoever finds the moment past takes the lock with GETSET. */
const bySetnx = (value = MOMENT): Wire =>
  new Wire()
    .send(["SETNX", LOCK, value], 1, { at: 0 })
    .send(["SETNX", LOCK, LATER], 0, { at: 1, server: 1 })
    .send(["GET", LOCK], value, { at: 2, server: 1 });

test.each([
  ["1795700000", true],
  ["1795700000.25", true],
  ["1795700000123", true],
  ["4294967295", false],
  ["0012345678", false],
  ["1795700000:7", false],
  ["", false],
])("%j is a moment in time: %s", (value, is) => {
  expect(isMoment(value)).toBe(is);
});

test("a lock whose lease is in its value has one, and nobody can follow it", () => {
  const wire = bySetnx().send(["GETSET", LOCK, LATER], MOMENT, { at: 9, server: 1 });
  const locks = [{ source: "redis", product: 0, key: LOCK, holder: LATER, pttlMs: -1 }];
  for (const check of [leakedLock, mutualExclusion]) {
    const { verdict, detail } = judgeWire(check, { wire, locks });
    expect(verdict).toBe("inconclusive");
    expect(detail).toContain("perhaps the ends of their leases");
  }
});

test("any other value, and a moment beside a lease, is no lease", () => {
  expect(judgeWire(leakedLock, { wire: bySetnx("a:7") }).verdict).toBe("fail");
  const expiring = bySetnx().send(["EXPIRE", LOCK, "9"], 1, { at: 0.5 }).send(["SETNX", LOCK, LATER], 1, { at: 20 });
  const locks = [{ source: "redis", product: 0, key: LOCK, holder: LATER, pttlMs: -1 }];
  expect(judgeWire(leakedLock, { wire: expiring, locks }).verdict).toBe("fail");
});
