import { describe, expect, it } from "vitest";
import { judgeCell } from "../../src/domain/judge-cell.ts";
import type { Cell, CellPlan, Matrix } from "../../src/domain/matrix.ts";
import type { RunRecord } from "../../src/domain/record.ts";
import { matrixTable, renderMatrix } from "../../src/reporters/matrix.ts";
import { sampleRecord } from "../support/sample-run.ts";
import { oversoldRecord } from "./samples.ts";

const matrix: Matrix = {
  locks: [
    { lock: "fifo", title: "a queue" },
    { lock: "none", title: "no lock" },
  ],
  faults: [
    { fault: "none", scenarios: ["v1_stress"] },
    { fault: "two nodes | die", scenarios: ["v3_node_loss"] },
  ],
  cells: [],
};

const sound: CellPlan = {
  lock: "fifo",
  scenario: "v1_stress",
  promised: "one at a time",
  expected: { verdict: "pass" },
};
const unsound: CellPlan = {
  lock: "none",
  scenario: "v1_stress",
  promised: "nothing",
  expected: { verdict: "fail", checks: ["oversold"], mayFail: ["lost_update"] },
};
const passed = sampleRecord();
const slow = sampleRecord({ verdict: "fail", exitCode: 3, reason: "too slow" });

const judged = (plan: CellPlan, ...records: readonly RunRecord[]): Cell => judgeCell(plan, "none", records);

/** The cells of one row of the table, without padding. */
function row(table: string, lock: string): string[] {
  const line = table.split("\n").find((one) => one.startsWith(`| \`${lock}\``)) ?? "";
  return line
    .split(" | ")
    .map((text) => text.replace(/^\| | \|$/g, "").trim())
    .slice(1);
}

describe("the table of locks and faults", () => {
  it("says how many runs came out so, which checks failed, and nothing of pairs that have no cell", () => {
    const table = matrixTable(matrix, [judged(sound, passed, slow), judged(unsound, passed, oversoldRecord())]);
    expect(row(table, "fifo")).toEqual(["PASS 2 of 2", "–"]);
    expect(row(table, "none")).toEqual(["FAIL 1 of 2: `oversold`", "–"]);
  });

  it("prints bold what is not as expected, with what was expected", () => {
    const table = matrixTable(matrix, [judged(sound, oversoldRecord(), passed), judged(unsound, passed)]);
    expect(row(table, "fifo")[0]).toBe("**FAIL 1 of 2: `oversold`** (expected PASS)");
    expect(row(table, "none")[0]).toBe("**PASS 1 of 1** (expected FAIL: `oversold`)");
  });

  it("never lets a cell without proof look like one that passed", () => {
    const nobodyMet = sampleRecord({ verdict: "inconclusive", exitCode: 4, reason: "nobody met" });
    const table = matrixTable(matrix, [judged(sound), judged(unsound, nobodyMet, nobodyMet)]);
    expect(row(table, "fifo")[0]).toBe("**no run**");
    expect(row(table, "none")[0]).toBe("**inconclusive 2 of 2**");
    expect(table).not.toMatch(/PASS|FAIL/);
  });

  it("has lines of one width and one number of cells, whatever the texts hold", () => {
    const lines = matrixTable(matrix, [judged(sound, passed)]).split("\n");
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[0]).toContain("two nodes \\| die");
    expect(new Set(lines.map((line) => line.split(/(?<!\\)\|/).length)).size).toBe(1);
  });
});

describe("the document of locks and faults", () => {
  const document = renderMatrix(matrix, [judged(sound, passed, slow), judged(unsound, oversoldRecord())]);

  it("holds the table, and below it what is promised, expected and was seen of each cell", () => {
    const [, fifo = "", none = ""] = document.split(/^## /m);
    expect(document).toContain(matrixTable(matrix, [judged(sound, passed, slow), judged(unsound, oversoldRecord())]));
    expect(fifo).toMatch(
      /^`fifo`: a queue\n\n### none \(`v1_stress`\)\n\n- promised: one at a time\n- expected: PASS\n/,
    );
    expect(fifo).toContain("- seen: 2 runs: 2 correct, 1 of them slower than the scenario allows; 0 violated");
    expect(none).toContain("- expected: FAIL: `oversold`; `lost_update` may fail as well");
    expect(none).toContain("`oversold` failed in 1");
  });

  it("names the newest run with its day, and what the runs were made with", () => {
    expect(document).toContain(`\`${passed.id}\` of 2026-11-23`);
    expect(document).toContain("- with lockbench 0.1.0, Redis 7.0.15, Node v20.20.2, stack local");
  });

  it("says why a cell is not as expected, and takes what a run said for text and not for Markdown", () => {
    const starred = { ...oversoldRecord(), reason: "violated: *oversold* <b>" };
    const text = renderMatrix(matrix, [judged(sound, starred)]);
    expect(text).toContain("- **not as expected:** oversold failed in 1, and was expected not to");
    expect(text).toContain("violated: \\*oversold\\* \\<b\\>");
  });
});

describe("the document", () => {
  it("can be read in any folder: it names no command and no file of lockbench's own repository as if it were here", () => {
    const head = renderMatrix(matrix, []).split("| lock")[0] ?? "";
    expect(head).toContain("lockbench matrix --run");
    expect(head).not.toContain("npm run");
    expect(head).not.toContain("](");
  });
});
