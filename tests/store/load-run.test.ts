import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/domain/record.ts";
import { evidenceFinding } from "../../src/store/evidence-finding.ts";
import { loadRun } from "../../src/store/load-run.ts";
import { openRunWriter } from "../../src/store/run-writer.ts";
import type { Store } from "../../src/store/store.ts";
import { sampleHistory, samplePlan, sampleRecord, sampleRows, sampleStock } from "../support/sample-run.ts";
import { keepRun, preparedStore, thrownBy } from "./kept-run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

let results: string;
let store: Store;
let record: RunRecord;

beforeEach(async () => {
  results = temporaryFolder();
  store = preparedStore(results);
  record = await keepRun(store, new Date("2026-11-23T15:04:05.123Z"));
  return () => {
    store.close();
  };
});

function file(name: string): string {
  return join(results, record.id, name);
}

function edit(name: string, change: (text: string) => string): void {
  const before = readFileSync(file(name), "utf8");
  const after = change(before);
  expect(after, "the edit must change something").not.toBe(before);
  writeFileSync(file(name), after);
}

describe("a kept run", () => {
  it("reads back as it was written", () => {
    const loaded = loadRun(results);
    expect(loaded.record).toEqual(record);
    expect(loaded.plan).toEqual(samplePlan());
    expect(loaded.run).toBe(record.id);
    expect(loaded.purchases).toEqual(sampleRows(record.id));
    expect(loaded.stock).toEqual(sampleStock());
    expect(loaded.history.originNs).toBe(sampleHistory().originNs);
    expect(loaded.history.length).toBe(5);
    expect(loaded.history.endedAt(0)).toBe(20_000.25);
    expect(evidenceFinding(loaded)).toMatchObject({ name: "evidence_intact", kind: "correctness", verdict: "pass" });
  });

  it("has in its record the sha256 of each evidence file", () => {
    const sums = readdirSync(join(results, record.id))
      .filter((name) => name !== "record.json")
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(file(name)))
          .digest("hex"),
      ]);
    expect(record.evidence).toEqual(Object.fromEntries(sums));
  });

  it("keeps what a shop said even where it is no number, and however it is spelled", () => {
    const folder = join(results, "20261123T150405.123Z-odd-0000");
    const writer = openRunWriter(
      { id: "odd", partial: `${folder}.partial`, final: folder },
      { plan: samplePlan(), run: "odd", kept: () => undefined },
    );
    const odd = { id: 'a"b\n', buyer: "Ünal 🎟", product: ",", quantity: Number.NaN, remaining: -Infinity };
    writer.purchase(odd);
    writer.finish(sampleRecord());
    expect(loadRun(results, folder).purchases).toEqual([odd]);
  });
});

describe("tampering with the evidence", () => {
  function verdictAfter(): { verdict: string; evidence: readonly string[] } {
    return evidenceFinding(loadRun(results));
  }

  it("turns red for one changed purchase row, and the other checks see what it says now", () => {
    edit("purchases.ndjson", (text) => text.replace('"quantity":1', '"quantity":2'));
    expect(verdictAfter()).toMatchObject({
      verdict: "fail",
      evidence: [expect.stringMatching(/^purchases\.ndjson: expected sha256 [0-9a-f]{64}, found [0-9a-f]{64}$/)],
    });
    expect(loadRun(results).purchases?.[0]?.quantity).toBe(2);
  });

  it("turns red for one removed purchase row", () => {
    edit("purchases.ndjson", (text) => text.slice(text.indexOf("\n") + 1));
    expect(verdictAfter().verdict).toBe("fail");
    expect(loadRun(results).purchases).toHaveLength(2);
  });

  it("turns red for one changed attempt, and the other checks see what it says now", () => {
    edit("attempts.csv", (text) => text.replace("409,sold_out", "201,sold"));
    expect(verdictAfter().verdict).toBe("fail");
    expect(loadRun(results).history.outcome(3)).toBe("sold");
  });

  it("turns red for one changed stock reading", () => {
    edit("stock.json", (text) => text.replace('"units": 0', '"units": 1'));
    expect(verdictAfter().verdict).toBe("fail");
    expect(loadRun(results).stock[0]?.units).toBe(1);
  });

  it("turns red for a changed plan", () => {
    edit("plan.json", (text) => text.replace('"stock": 3', '"stock": 4'));
    expect(verdictAfter()).toMatchObject({ verdict: "fail", evidence: [expect.stringMatching(/^plan\.json:/)] });
  });

  it.each(["attempts.csv", "purchases.ndjson", "stock.json"])("turns red when %s is missing", (name) => {
    rmSync(file(name));
    expect(verdictAfter()).toMatchObject({ verdict: "fail" });
    expect(verdictAfter().evidence).toContain(`${name}: expected a file, found nothing`);
  });

  it("turns red when a sum was taken out of the record", () => {
    edit("record.json", (text) => text.replace(/"purchases.ndjson": "[0-9a-f]+",\s+/, ""));
    expect(verdictAfter().evidence).toEqual(["purchases.ndjson: expected its sha256 in the record, found none"]);
  });

  it("counts a row that cannot be parsed as damage, and reads the others", () => {
    edit("purchases.ndjson", (text) => text.replace('{"id":"2"', '{"id":2'));
    const { verdict, evidence } = verdictAfter();
    expect(verdict).toBe("fail");
    expect(evidence.join("\n")).toContain('purchases.ndjson:2: expected a purchase row, found "{\\"id\\":2');
    expect(loadRun(results).purchases?.map(({ id }) => id)).toEqual(["1", "3"]);
  });

  it("shows the first of many complaints and how many more there are", () => {
    edit("attempts.csv", (text) => text.replaceAll(",", ";"));
    const { evidence } = verdictAfter();
    expect(evidence).toHaveLength(6);
    expect(evidence[5]).toBe("… and 3 more");
  });

  it.each(["stock.json", "purchases.ndjson", "attempts.csv"])("does not crash on a %s full of rubbish", (name) => {
    writeFileSync(file(name), Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256)));
    expect(verdictAfter().verdict).toBe("fail");
  });
});

describe("a run that cannot be read at all", () => {
  it.each([
    ["record.json", "{", "a run record"],
    ["record.json", '{"schemaVersion": 2}', "schemaVersion"],
    ["plan.json", "no json", "the plan of a run"],
    [
      "plan.json",
      '{"schemaVersion":1,"id":"x","run":"x","originNs":"1","attempts":1,"plan":{"products":[]}}',
      "plan.scenario",
    ],
  ])("names %s and what is wrong with it: %s", (name, text, said) => {
    writeFileSync(file(name), text);
    const error = thrownBy(() => loadRun(results));
    expect(error).toMatchObject({ code: "RUN_UNREADABLE", exit: 5 });
    expect(String(error)).toContain(file(name));
    expect(String(error)).toContain(said);
  });
});

describe("finding a run", () => {
  it("takes the latest, an id, the beginning of one, a folder or a record", async () => {
    const later = await keepRun(store, new Date("2026-11-24T15:04:05.123Z"), "v1_basic");
    expect(loadRun(results).record.id).toBe(later.id);
    expect(loadRun(results, "latest").record.id).toBe(later.id);
    expect(loadRun(results, record.id).record.id).toBe(record.id);
    expect(loadRun(results, "20261123").record.id).toBe(record.id);
    expect(loadRun(results, join(results, record.id)).record.id).toBe(record.id);
    expect(loadRun(results, file("record.json")).record.id).toBe(record.id);
  });

  it("asks which one when a beginning fits several", async () => {
    await keepRun(store, new Date("2026-11-24T15:04:05.123Z"));
    const error = thrownBy(() => loadRun(results, "2026"));
    expect(error.exit).toBe(2);
    expect(error.message).toMatch(/found 2$/);
  });

  it("suggests the nearest id for a mistyped one, and lists the latest", () => {
    const error = thrownBy(() => loadRun(results, record.id.replace("stress", "sterss")));
    expect(error.exit).toBe(2);
    expect(error.hint).toContain(`did you mean ${record.id}?`);
    const stranger = thrownBy(() => loadRun(results, "nonsense"));
    expect(stranger).toMatchObject({ exit: 2, hint: `the latest are: ${record.id}` });
  });

  it("says what to do when nothing was run yet, also without a results folder", () => {
    for (const folder of [temporaryFolder(), join(results, "none")]) {
      const error = thrownBy(() => loadRun(folder));
      expect(error.exit).toBe(2);
      expect(error.hint).toContain("lockbench run");
    }
  });

  it("never takes a half-written run for the latest", () => {
    const writer = store.begin(samplePlan(), new Date("2027-01-01T00:00:00Z"));
    expect(loadRun(results).record.id).toBe(record.id);
    writer.abandon();
  });
});
