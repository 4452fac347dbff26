import type { FaultRecord } from "../domain/fault.ts";
import type { History } from "../domain/history.ts";
import type { PurchaseRow } from "../domain/purchases.ts";
import type { RunRecord } from "../domain/record.ts";
import type { LockReading, StockReading } from "../domain/truth.ts";
import type { WireLog } from "../domain/wire.ts";
import type { EvidenceFolder } from "./tools.ts";

/**
 * An evidence folder whose failures wait until the end: a disk that fills up
 * while the truth is read must not cost the verdict. `finish` throws the first
 * failure; everything after it was not written.
 */
export class GuardedFolder implements EvidenceFolder {
  readonly #folder: EvidenceFolder;
  #failure: { readonly error: unknown } | undefined;

  constructor(folder: EvidenceFolder) {
    this.#folder = folder;
  }

  get id(): string {
    return this.#folder.id;
  }

  purchase(row: PurchaseRow): void {
    this.#guard(() => {
      this.#folder.purchase(row);
    });
  }

  stock(readings: readonly StockReading[]): void {
    this.#guard(() => {
      this.#folder.stock(readings);
    });
  }

  locks(readings: readonly LockReading[]): void {
    this.#guard(() => {
      this.#folder.locks(readings);
    });
  }

  faults(records: readonly FaultRecord[]): void {
    this.#guard(() => {
      this.#folder.faults(records);
    });
  }

  wire(log: WireLog): void {
    this.#guard(() => {
      this.#folder.wire(log);
    });
  }

  async attempts(history: History): Promise<void> {
    if (this.#failure !== undefined) return;
    await this.#folder.attempts(history).catch((error: unknown) => {
      this.#failure = { error };
    });
  }

  finish(record: Omit<RunRecord, "evidence">): RunRecord {
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#folder.finish(record);
  }

  abandon(): void {
    this.#folder.abandon();
  }

  #guard(write: () => void): void {
    if (this.#failure !== undefined) return;
    try {
      write();
    } catch (error) {
      this.#failure = { error };
    }
  }
}
