import fc from "fast-check";
import { expect, test } from "vitest";
import { checksFor } from "../../src/checks/all.ts";
import { judgeAll } from "../../src/checks/check.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { type Story, caseOf } from "../support/histories.ts";
import { fifoShop, reservingShop } from "../support/shops.ts";

const SEEDS = fc.integer({ min: 0, max: 2 ** 31 });

function findings(story: Story): Finding[] {
  const run = caseOf(story);
  return judgeAll(checksFor(run.plan), run);
}

function failures(story: Story): string[] {
  const failed = findings(story).filter(({ verdict }) => verdict === "fail");
  return failed.map(({ name, detail, evidence }) => [name, detail, ...evidence].join("\n"));
}

test("a sound shop that serves in order of arrival never fails, whatever is rolled back or lost", () => {
  fc.assert(
    fc.property(SEEDS, (seed) => {
      expect(failures(fifoShop(seed))).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

test("a sound shop without a lock, which gives units back meanwhile, never fails a check of its truthfulness", () => {
  fc.assert(
    fc.property(SEEDS, (seed) => {
      // Its last unit may come back when everybody has gone: that is for exact_sales to say.
      expect(failures(reservingShop(seed)).filter((text) => !text.startsWith("exact_sales"))).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

test("the simulated shops sell, refuse, roll back and lose answers often enough to mean something", () => {
  const passed = new Map<string, number>();
  for (let seed = 0; seed < 500; seed += 1) {
    for (const { name, verdict } of findings(fifoShop(seed))) {
      if (verdict === "pass") passed.set(name, (passed.get(name) ?? 0) + 1);
    }
  }
  for (const name of ["oversold", "exact_sales", "receipts", "false_sold_out", "first_come", "lost_update"]) {
    expect(passed.get(name) ?? 0, name).toBeGreaterThan(150);
  }
});

test("one row written twice into a sound history is caught by every check that sees rows", () => {
  let tampered = 0;
  for (let seed = 0; seed < 200; seed += 1) {
    const story = fifoShop(seed);
    const [first] = story.rows ?? [];
    if (first === undefined || "key" in first) continue;
    tampered += 1;
    const failed = failures({ ...story, rows: [...(story.rows ?? []), first] }).map((text) => text.split("\n")[0]);
    expect(failed).toEqual(expect.arrayContaining(["oversold", "exact_sales", "receipts", "double_purchase"]));
  }
  expect(tampered).toBeGreaterThan(50);
});
