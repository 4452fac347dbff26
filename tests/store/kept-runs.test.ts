import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, describe, it } from "vitest";
import { keptRuns } from "../../src/store/kept-runs.ts";
import { keepRun, preparedStore } from "./kept-run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("the runs that are kept of some scenarios", () => {
  it("come oldest first, each with its plan, and without those of other scenarios", async () => {
    const folder = temporaryFolder();
    const store = preparedStore(folder);
    const newer = await keepRun(store, new Date("2026-11-23T15:00:01Z"), "v1_stress");
    const older = await keepRun(store, new Date("2026-11-23T15:00:00Z"), "v1_basic");
    await keepRun(store, new Date("2026-11-23T15:00:02Z"), "v1_stress_of_mine");
    store.close();
    const { runs, remarks } = keptRuns(folder, ["v1_stress", "v1_basic"]);
    expect(runs.map(({ record, plan }) => [record.id, plan.scenario])).toEqual([
      [older.id, "v1_basic"],
      [newer.id, "v1_stress"],
    ]);
    expect(remarks).toEqual([]);
  });

  it("do not count when their plan was edited or lost, or their record is garbled, and it is said why", async () => {
    const folder = temporaryFolder();
    const store = preparedStore(folder);
    const [edited, lost, garbled] = [await keepRun(store), await keepRun(store), await keepRun(store)];
    store.close();
    appendFileSync(join(folder, edited.id, "plan.json"), "\n");
    rmSync(join(folder, lost.id, "plan.json"));
    appendFileSync(join(folder, garbled.id, "record.json"), "}");
    const { runs, remarks } = keptRuns(folder, ["v1_stress"]);
    expect(runs).toEqual([]);
    expect(remarks).toHaveLength(3);
    expect(remarks.find((line) => line.includes(edited.id))).toMatch(/sha256/);
  });

  it("are none where there is no folder, or nothing in it", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "empty"));
    for (const name of ["empty", "missing"]) {
      expect(keptRuns(join(folder, name), ["v1_stress"])).toEqual({ runs: [], remarks: [] });
    }
  });
});
