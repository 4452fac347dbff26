import { describe, expect, it } from "vitest";
import { isRunId, newRunId } from "../../src/store/run-id.ts";
import { keepRun, preparedStore } from "./kept-run.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { systemHost } from "../../src/host/host.ts";
import { openStore } from "../../src/store/store.ts";
import { samplePlan } from "../support/sample-run.ts";

const started = new Date("2026-11-23T15:04:05.123Z");

describe("the id of a run", () => {
  it("says when it started and what was run", () => {
    expect(newRunId("v1_stress", started, "ab12")).toBe("20261123T150405.123Z-v1_stress-ab12");
  });

  it("sorts by time", () => {
    const later = newRunId("a", new Date("2026-11-23T15:04:05.124Z"), "0000");
    expect(newRunId("z", started, "ffff") < later).toBe(true);
  });

  it.each(["../../etc/passwd", "my shop", "été\n", "", ".", "a".repeat(300)])(
    "is a safe file name for %j",
    (scenario) => {
      const id = newRunId(scenario, started, "ab12");
      expect(id).toMatch(/^[\w.+-]{1,100}$/);
      expect(isRunId(id)).toBe(true);
    },
  );

  it("differs for two runs of the same millisecond even when chance repeats itself", () => {
    const tails = ["aaaa", "aaaa", "bbbb", "bbbb", "aaaa", "cccc"];
    const host = { ...systemHost(), chance: { hex: () => tails.shift() ?? "ffff", between: () => 0 } };
    const store = openStore(temporaryFolder(), host);
    store.prepare();
    const ids = [1, 2, 3].map(() => store.begin(samplePlan(), started).id);
    expect(ids.map((id) => id.slice(-4))).toEqual(["aaaa", "bbbb", "cccc"]);
    store.close();
  });

  it("is not given again while a kept run has it", async () => {
    const folder = temporaryFolder();
    const kept = await keepRun(preparedStore(folder), started);
    const host = { ...systemHost(), chance: { hex: () => kept.id.slice(-4), between: () => 0 } };
    const store = openStore(folder, host);
    store.prepare();
    expect(() => store.begin(samplePlan(), started)).toThrow(/no id is free/);
    store.close();
  });
});
