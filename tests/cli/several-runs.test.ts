import { describe, expect, it } from "vitest";
import { CORRECT, keptRuns, record, records, SMALL } from "./support/output.ts";
import { aPlace, lastLine } from "./support/place.ts";

/** The least that can be sold to a crowd. */
const TINY = "--users 4 --stock 2";

describe("several runs in one call", () => {
  it("become an array, a record for each scenario and each lock, and the worst exit code counts", async () => {
    const place = aPlace();
    const ended = await place.lockbench(`run v1_basic v1_stress --lock fifo,lua ${SMALL} --json`);
    const all = records(ended);
    expect(all.map(({ scenario, environment }) => `${scenario} ${String(environment.lock)}`)).toEqual([
      "v1_basic fifo",
      "v1_basic lua",
      "v1_stress fifo",
      "v1_stress lua",
    ]);
    expect(keptRuns(place).sort()).toEqual(all.map(({ id }) => id).sort());
    const codes = all.map(({ exitCode }) => exitCode);
    expect(ended.exit).toBe([1, 5, 4, 3, 0].find((code) => codes.includes(code as 0)));
  });

  it("are put side by side in a table, with one last line for all of them", async () => {
    const ended = await aPlace().lockbench("run v1_stress --lock fifo,none");
    const comparison = ended.stdout.slice(ended.stdout.lastIndexOf("┌"), ended.stdout.lastIndexOf("┘"));
    const [, sound, broken] = comparison.split("v1_stress");
    expect(sound).toMatch(/fifo/);
    expect(sound).not.toContain("oversold");
    expect(broken).toMatch(/FAIL[^]*none[^]*oversold/);
    expect(ended.stdout.match(/^exit /gm)).toHaveLength(1);
    expect(lastLine(ended)).toMatch(/^exit 1: /);
  });

  it("are found by a glob, which takes no shop that is broken on purpose", async () => {
    const ended = await aPlace().lockbench(`run *_ba* ${TINY} --json`);
    // And not control_half_basket, which the glob matches as well.
    expect(record(ended).scenario).toBe("v1_basic");
  });

  it("are found by a tag alone", async () => {
    const place = aPlace();
    const ended = await place.lockbench(`run --tags sale ${TINY} --json`);
    expect(records(ended).map(({ scenario }) => scenario)).toEqual(["v1_basic", "v1_stress"]);
    expect(await place.lockbench("run v1_basic --tags sail")).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("sail") as string,
    });
  });
});

describe("lockbench run --lock none", () => {
  it("is caught selling more than there was, with the rows that prove it", async () => {
    const ended = await aPlace().lockbench("run v1_stress --lock none --json");
    const { checks, truth } = record(ended);
    expect(ended.exit).toBe(1);
    expect(checks.find(({ name }) => name === "oversold")).toMatchObject({ verdict: "fail" });
    expect(checks.find(({ name }) => name === "oversold")?.evidence).not.toEqual([]);
    expect(truth.products[0]?.sold).toBeGreaterThan(100);
  });
});

describe("lockbench run --repeat", () => {
  it("runs as often as it is told, and tells how often each check failed", async () => {
    const place = aPlace();
    const ended = await place.lockbench(`run v1_basic --repeat 3 ${SMALL}`);
    expect(CORRECT, ended.stdout).toContain(ended.exit);
    expect(keptRuns(place)).toHaveLength(3);
    expect(ended.stdout).toMatch(/oversold failed in 0 of 3/);
    expect(ended.stderr.match(/stack: local/g)).toHaveLength(1);
    expect(ended.stdout.match(/^exit /gm)).toHaveLength(1);
  });

  it("stops at the first run that does not pass when it is told --until-fail", async () => {
    const ended = await aPlace().lockbench("run v1_stress --lock none --repeat 5 --until-fail --json");
    expect(ended.exit).toBe(1);
    expect(records(ended)).toHaveLength(1);
  });
});
