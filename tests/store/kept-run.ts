import { LockbenchError } from "../../src/domain/errors.ts";
import type { RunRecord } from "../../src/domain/record.ts";
import { systemHost } from "../../src/host/host.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { sampleHistory, samplePlan, sampleRecord, sampleRows, sampleStock } from "../support/sample-run.ts";

/** A store that is ready to take runs. */
export function preparedStore(folder: string): Store {
  const store = openStore(folder, systemHost());
  store.prepare();
  return store;
}

/** Keeps one whole run, as the conductor does. */
export async function keepRun(store: Store, startedAt = new Date(), scenario = "v1_stress"): Promise<RunRecord> {
  const writer = store.begin(samplePlan(scenario), startedAt);
  await writer.attempts(sampleHistory());
  for (const row of sampleRows(writer.id)) writer.purchase(row);
  writer.stock(sampleStock());
  return writer.finish({ ...sampleRecord({ scenario }), id: writer.id, startedAt: startedAt.toISOString() });
}

/** The error for users that `action` throws. */
export function thrownBy(action: () => unknown): LockbenchError {
  try {
    action();
  } catch (error) {
    if (error instanceof LockbenchError) return error;
    throw error;
  }
  throw new Error("expected a failure, and there was none");
}
