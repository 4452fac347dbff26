import { describe, expect, it } from "vitest";
import { type ExitCode, exitCode } from "../../src/domain/errors.ts";
import { summarise } from "../../src/domain/run-summary.ts";
import { worstExit } from "../../src/domain/worst-exit.ts";
import { lastLine, overall } from "../../src/reporters/last-line.ts";
import { liveLine } from "../../src/reporters/live-line.ts";
import { renderRuns } from "../../src/reporters/runs-list.ts";
import { sampleRecord } from "../support/sample-run.ts";
import { oversoldRecord, plain, widest } from "./samples.ts";

describe("the worst exit code", () => {
  it("is taken in the order 1, 5, 4, 3, 0", () => {
    const worstFirst: ExitCode[] = [1, 5, 4, 3, 0];
    for (const [at, code] of worstFirst.entries()) {
      expect(worstExit(worstFirst.slice(at).reverse())).toBe(code);
    }
  });

  it("is inconclusive when nothing was run, and knows every code", () => {
    expect(worstExit([])).toBe(4);
    for (const code of Object.values(exitCode)) expect(worstExit([0, code])).toBe(code);
  });
});

describe("the last line", () => {
  it("is the code and its reason", () => {
    expect(lastLine([sampleRecord()])).toBe("exit 0: all 3 checks passed");
    expect(lastLine([])).toBe("exit 4: inconclusive: nothing was run");
  });

  it("of several runs names the worst and how many there are", () => {
    const open = sampleRecord({ verdict: "inconclusive", exitCode: 4, reason: "inconclusive: nothing was sold" });
    expect(lastLine([sampleRecord(), sampleRecord()])).toBe("exit 0: all 2 runs passed");
    expect(lastLine([open, sampleRecord(), oversoldRecord()])).toBe(
      "exit 1: 1 of 3 runs ended so, 1 other did not pass either; v1_stress (none): correctness was violated: oversold",
    );
    expect(overall([open, sampleRecord()])).toEqual({
      exit: 4,
      reason: "1 of 2 runs ended so; v1_stress (fifo): inconclusive: nothing was sold",
    });
  });

  it("tells the reason of each run that ended as badly, each once", () => {
    const spun = sampleRecord({ verdict: "fail", exitCode: 1, reason: "correctness was violated: first_come" });
    expect(overall([spun, spun, oversoldRecord()]).reason).toBe(
      "3 of 3 runs ended so; v1_stress (fifo): correctness was violated: first_come; v1_stress (none): correctness was violated: oversold",
    );
  });

  it("is one line whatever the reason", () => {
    expect(lastLine([sampleRecord({ reason: "a\nb\u001b[2J" })])).toBe("exit 0: a\\u000ab\\u001b[2J");
  });
});

describe("the live line", () => {
  const state = { scenario: "v1_stress", phase: "buying", elapsedMs: 840, sent: 1200, ended: 212, expected: 3000 };

  it("says what is being done and how far it is", () => {
    expect(liveLine(state, 80)).toBe("v1_stress  buying  0.8 s  sent 1,200/3,000  ended 212/3,000");
    expect(liveLine({ ...state, expected: null }, 80)).toBe("v1_stress  buying  0.8 s  sent 1,200  ended 212");
    expect(liveLine({ ...state, phase: "starting", sent: 0 }, 80)).toBe("v1_stress  starting  0.8 s");
  });

  it("never exceeds the width", () => {
    for (let width = 0; width < 70; width += 1) expect(liveLine(state, width).length).toBeLessThanOrEqual(width);
    expect(liveLine(state, 20)).toBe("v1_stress  buying  …");
  });
});

describe("the list of runs", () => {
  it("has a line for each", () => {
    const text = renderRuns([summarise(oversoldRecord()), summarise(sampleRecord())], plain(100));
    expect(text).toContain("│ 20261123T150405.123Z-v1_stress-ab12 │ none │ FAIL (1) │ 103/100 │ 4,321 │   18.4 │\n");
    expect(text).toContain("│ 20261123T150405.123Z-v1_stress-ab12 │ fifo │ PASS (0) │ 100/100 │ 4,321 │   18.4 │\n");
    expect(widest(renderRuns([summarise(oversoldRecord())], plain(60)))).toBeLessThanOrEqual(60);
  });

  it("says what to do when there is none", () => {
    expect(renderRuns([], plain(80))).toContain("lockbench run");
  });
});
