import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FaultRecord } from "../../src/domain/fault.ts";
import type { Plan } from "../../src/domain/plan.ts";
import type { LockReading } from "../../src/domain/truth.ts";
import type { WireLog } from "../../src/domain/wire.ts";
import { type LoadedRun, loadRun } from "../../src/store/load-run.ts";
import { sampleHistory, samplePlan, sampleRecord, sampleRows, sampleStock } from "../support/sample-run.ts";
import { keepRun, preparedStore } from "./kept-run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const faults: readonly FaultRecord[] = [
  { fault: 0, injectedAt: 80_123_456, inForceAt: 80_223_456, healedAt: 391_000_001 },
  { fault: 1, injectedAt: Number.NaN, inForceAt: Number.NaN, healedAt: Number.NaN, obstacle: "redis1 is down already" },
];
const locks: readonly LockReading[] = [{ source: "redis1", product: 0, key: "lock:1", holder: "a b", pttlMs: -1 }];
const wire: WireLog = {
  commands: [
    {
      server: 0,
      node: 1,
      connection: 7,
      sentAt: 10,
      forwardedAt: 11,
      repliedAt: null,
      deliveredAt: null,
      words: ["SET", "lock:1", "a b\n"],
      reply: null,
    },
  ],
  scripts: new Map([["ab12", "return 1"]]),
  lost: ["connection 3 cannot be followed"],
};

function planWithFaults(): Plan {
  const kill = { kind: "kill", nodes: [0], servers: [], keepData: false } as const;
  const fault = { action: kill, at: { kind: "elapsed", ms: 80 }, forMs: null } as const;
  return { ...samplePlan(), faults: [fault, fault] };
}

async function kept(): Promise<{ readonly folder: string; readonly results: string }> {
  const results = temporaryFolder();
  const store = preparedStore(results);
  const writer = store.begin(planWithFaults(), new Date());
  await writer.attempts(sampleHistory());
  for (const row of sampleRows(writer.id)) writer.purchase(row);
  writer.stock(sampleStock());
  writer.locks(locks);
  writer.faults(faults);
  writer.wire(wire);
  writer.finish({ ...sampleRecord(), id: writer.id });
  store.close();
  return { results, folder: join(results, writer.id) };
}

describe("what was broken, and what passed over the wire", () => {
  it("is read back as it was written, and sealed", async () => {
    const { results } = await kept();
    const loaded = loadRun(results);
    expect({ faults: loaded.faults, locks: loaded.locks, wire: loaded.wire }).toEqual({ faults, locks, wire });
    expect(loaded.damage).toEqual([]);
    expect(Object.keys(loaded.record.evidence).sort()).toEqual([
      "attempts.csv",
      "faults.json",
      "locks.json",
      "plan.json",
      "purchases.ndjson",
      "stock.json",
      "wire.ndjson",
    ]);
  });

  it("has a fault in force from its injection on in runs that did not keep when all of it was", async () => {
    const { results, folder } = await kept();
    const file = join(folder, "faults.json");
    writeFileSync(file, readFileSync(file, "utf8").replace(/,?\s*"inForceNs":\s*80223456/, ""));
    expect(loadRun(results).faults[0]).toEqual({ ...faults[0], inForceAt: 80_123_456 });
  });

  it.each(["faults.json", "locks.json", "wire.ndjson"])("is damage when %s was changed, or is gone", async (name) => {
    const { results, folder } = await kept();
    const file = join(folder, name);
    writeFileSync(file, readFileSync(file, "utf8").replace(/1/, "2"));
    expect(loadRun(results).damage.join()).toContain(`${name}: expected sha256`);
    rmSync(file);
    expect(loadRun(results).damage.join()).toContain(`${name}: expected a file, found nothing`);
  });

  it("is nothing where there were no faults and no tap, also in runs from before there were any", async () => {
    const results = temporaryFolder();
    const store = preparedStore(results);
    const { id } = await keepRun(store);
    store.close();
    const none: Partial<LoadedRun> = { faults: [], locks: null, wire: null };
    expect(loadRun(results)).toMatchObject(none);
    const file = join(results, id, "plan.json");
    const { plan, ...rest } = JSON.parse(readFileSync(file, "utf8")) as { readonly plan: Record<string, unknown> };
    const { faults: _, ...older } = plan;
    writeFileSync(file, JSON.stringify({ ...rest, plan: older }));
    expect(loadRun(results)).toMatchObject({ ...none, plan: { faults: [] } });
  });
});
