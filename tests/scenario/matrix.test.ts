import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockbenchError } from "../../src/domain/errors.ts";
import { type ReadMatrix, readMatrix } from "../../src/scenario/read-matrix.ts";
import { BUNDLED, folderWith, PACKAGE, SOUND } from "./folders.ts";

const CHECKS = ["oversold", "lost_update", "first_come"];

const MATRIX = `locks:
  - { lock: fifo, title: a queue }
  - { lock: spin, title: tried again }
faults:
  - { fault: none, scenarios: [sale, other] }
cells:
  - { lock: fifo, scenario: sale, promised: one at a time, expected: pass }
  - lock: spin
    scenario: sale
    promised: >-
      no order
      at all
    expected: fail
    checks: [first_come]
`;

async function read(yaml: string): Promise<ReadMatrix> {
  const cwd = await folderWith({ "matrix.yaml": yaml, "sale/scenario.yaml": SOUND, "other/scenario.yaml": SOUND });
  return readMatrix("matrix.yaml", { cwd, bundledFolder: BUNDLED }, () => CHECKS);
}

/** The mistakes that are found after one text of the sound matrix was replaced. */
async function complaints(from: string, to: string): Promise<string[]> {
  expect(MATRIX).toContain(from);
  const error: unknown = await read(MATRIX.replace(from, to)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof LockbenchError)) throw new Error(`expected a LockbenchError, found ${String(error)}`);
  expect(error.exit).toBe(2);
  return error.message.split("\n").slice(1);
}

describe("a matrix file", () => {
  it("is read with its rows, its columns, and what is promised and expected of each cell", async () => {
    const { matrix, scenarios } = await read(MATRIX);
    expect(matrix.locks.map(({ lock }) => lock)).toEqual(["fifo", "spin"]);
    expect(matrix.faults).toEqual([{ fault: "none", scenarios: ["sale", "other"] }]);
    expect(matrix.cells).toEqual([
      { lock: "fifo", scenario: "sale", promised: "one at a time", expected: { verdict: "pass" } },
      {
        lock: "spin",
        scenario: "sale",
        promised: "no order at all",
        expected: { verdict: "fail", checks: ["first_come"], mayFail: [] },
      },
    ]);
    expect([...scenarios.keys()].sort()).toEqual(["other", "sale"]);
  });

  it.each([
    [
      "an unknown key",
      "locks:\n",
      "lock: fifo\nlocks:\n",
      '1:1: lock: unknown key, expected one of locks, faults, cells, found "lock", did you mean "locks"?',
    ],
    [
      "a lock that is no row",
      "lock: fifo, scenario",
      "lock: fifi, scenario",
      '7:13: cells[0].lock: expected one of fifo, spin, found "fifi", did you mean "fifo"?',
    ],
    [
      "a scenario that is in no column",
      "fifo, scenario: sale",
      "fifo, scenario: sail",
      '7:29: cells[0].scenario: expected one of sale, other, found "sail", did you mean "sale"?',
    ],
    [
      "a scenario that there is not",
      "[sale, other]",
      "[sale, nowhere]",
      '5:38: faults[0].scenarios[1]: expected the name of a scenario, found "nowhere"',
    ],
    [
      "a failure that could be any",
      "    checks: [first_come]\n",
      "",
      "8:5: cells[1].checks: expected the checks that must fail, found none",
    ],
    [
      "a check that there is not",
      "checks: [first_come]",
      "checks: [first_com]",
      '14:14: cells[1].checks[0]: expected one of oversold, lost_update, first_come, found "first_com", did you mean "first_come"?',
    ],
    [
      "a failure of a lock that must hold",
      "expected: pass",
      "expected: pass, may_fail: [oversold]",
      "7:86: cells[0].may_fail: expected none where the lock is expected to pass, found oversold",
    ],
    [
      "an expectation that there is not",
      "expected: pass",
      "expected: slow",
      '7:70: cells[0].expected: expected one of pass, fail, found "slow"',
    ],
    ["a row that is there twice", "lock: spin, title", "lock: fifo, title", "each name once"],
    [
      "two cells in one place",
      "lock: spin\n    scenario: sale",
      "lock: fifo\n    scenario: other",
      "one cell for each",
    ],
    ["a lock that the scenario has not", "lock: spin, title", "lock: lua, title", "cells[1].lock"],
    ["broken YAML", "cells:", "cells: [", "YAML: "],
  ])("is refused with %s, at its place", async (_what, from, to, complaint) => {
    const found = await complaints(from, to);
    expect(found.join("\n")).toContain(complaint);
    expect(found[0]).toMatch(/^matrix\.yaml:\d+:\d+: /);
  });

  it("is refused with a lock that is a row and that its scenario cannot be started with", async () => {
    const yaml = MATRIX.replaceAll("spin", "lua");
    await expect(read(yaml)).rejects.toThrow('cells[1].lock: expected one of fifo, spin, found "lua"');
  });

  it("that cannot be read is wrong usage", async () => {
    const places = { cwd: await folderWith(), bundledFolder: BUNDLED };
    await expect(readMatrix("nowhere.yaml", places, () => CHECKS)).rejects.toMatchObject({ exit: 2 });
  });
});

describe("docs/matrix-file.md", () => {
  it("shows a matrix that can be read", async () => {
    const text = await readFile(join(PACKAGE, "docs/matrix-file.md"), "utf8");
    const yaml = /```yaml\n([^]*?)```/.exec(text)?.[1] ?? "";
    expect((await read(yaml)).matrix.cells).toHaveLength(2);
  });
});
