import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { LockbenchError } from "../domain/errors.ts";
import type { FaultRecord } from "../domain/fault.ts";
import type { History } from "../domain/history.ts";
import type { Plan } from "../domain/plan.ts";
import type { PurchaseRow } from "../domain/purchases.ts";
import type { RunRecord } from "../domain/record.ts";
import type { LockReading, StockReading } from "../domain/truth.ts";
import type { WireLog } from "../domain/wire.ts";
import { wireLines } from "../domain/wire-lines.ts";
import { EvidenceFile } from "./evidence-file.ts";
import { historyCsv } from "./history-csv.ts";
import {
  ATTEMPTS_FILE,
  FAULTS_FILE,
  LOCKS_FILE,
  PLAN_FILE,
  PURCHASES_FILE,
  RECORD_FILE,
  STOCK_FILE,
  WIRE_FILE,
} from "./layout.ts";
import { planFileText } from "./plan-file.ts";
import { purchaseLine } from "./purchase-lines.ts";
import { storeError } from "./store-error.ts";
import { faultFile, lockFile, stockFile } from "./truth-files.ts";

/** A record before its evidence has been counted and sealed. */
export type UnsealedRecord = Omit<RunRecord, "evidence">;

/** Takes the evidence of one run while it happens, and the record at its end. */
export interface RunWriter {
  readonly id: string;
  /**
   * Keeps every attempt; called once. Yields to the event loop between chunks, so that Ctrl-C is heard.
   * @throws LockbenchError (exit 5) as every method here; the partial folder is removed then
   */
  attempts(history: History): Promise<void>;
  /** Keeps one row as the probe read it, in the order of the calls. */
  purchase(row: PurchaseRow): void;
  stock(readings: readonly StockReading[]): void;
  locks(readings: readonly LockReading[]): void;
  faults(records: readonly FaultRecord[]): void;
  wire(log: WireLog): void;
  /** Seals the evidence, writes the record last and moves the run to its place among the others. */
  finish(record: UnsealedRecord): RunRecord;
  /** Removes what was written; harmless when called twice or after `finish`. */
  abandon(): void;
}

export interface WriterPlaces {
  readonly id: string;
  /** A folder that does not exist yet. */
  readonly partial: string;
  readonly final: string;
}

interface WriterJob {
  readonly plan: Plan;
  readonly run: string;
  /** Called when the run has reached its place. */
  readonly kept: (record: RunRecord) => void;
}

/** @throws the file system's error when the partial folder cannot be made */
export function openRunWriter(places: WriterPlaces, job: WriterJob): RunWriter {
  mkdirSync(places.partial);
  return new FolderWriter(places, job);
}

class FolderWriter implements RunWriter {
  readonly id: string;
  readonly #places: WriterPlaces;
  readonly #job: WriterJob;
  readonly #evidence: Record<string, string> = {};
  #purchases: EvidenceFile | undefined;
  #origin: bigint | null = null;
  #attempts = 0;
  #open = true;

  constructor(places: WriterPlaces, job: WriterJob) {
    this.id = places.id;
    this.#places = places;
    this.#job = job;
  }

  async attempts(history: History): Promise<void> {
    const file = this.#try(() => this.#create(ATTEMPTS_FILE));
    this.#origin = history.originNs;
    this.#attempts = history.length;
    try {
      for (const chunk of historyCsv(history)) {
        this.#try(() => {
          file.write(chunk);
        });
        await setImmediate();
      }
      this.#seal(ATTEMPTS_FILE, () => file.finish());
    } finally {
      file.close();
    }
  }

  purchase(row: PurchaseRow): void {
    this.#try(() => {
      this.#purchases ??= this.#create(PURCHASES_FILE);
      this.#purchases.write(purchaseLine(row));
    });
  }

  stock(readings: readonly StockReading[]): void {
    this.#whole(STOCK_FILE, [stockFile.write(readings)]);
  }

  locks(readings: readonly LockReading[]): void {
    this.#whole(LOCKS_FILE, [lockFile.write(readings)]);
  }

  faults(records: readonly FaultRecord[]): void {
    this.#whole(FAULTS_FILE, [faultFile.write(records)]);
  }

  wire(log: WireLog): void {
    this.#whole(WIRE_FILE, withNewlines(wireLines(log)));
  }

  finish(record: UnsealedRecord): RunRecord {
    this.#finishPurchases();
    const { plan, run } = this.#job;
    const file = { id: this.id, run, originNs: this.#origin, attempts: this.#attempts, plan };
    this.#whole(PLAN_FILE, [planFileText(file)]);
    const sealed: RunRecord = { ...record, evidence: { ...this.#evidence } };
    this.#try(() => {
      writeFileSync(join(this.#places.partial, RECORD_FILE), `${JSON.stringify(sealed, null, 2)}\n`, { flag: "wx" });
      renameSync(this.#places.partial, this.#places.final);
    });
    this.#open = false;
    this.#job.kept(sealed);
    return sealed;
  }

  abandon(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#purchases?.close();
    rmSync(this.#places.partial, { recursive: true, force: true });
  }

  /** A shop whose purchases can be read has the file even when it sold nothing. */
  #finishPurchases(): void {
    if (this.#job.plan.target.purchaseProbe !== null) {
      this.#purchases ??= this.#try(() => this.#create(PURCHASES_FILE));
    }
    const file = this.#purchases;
    if (file !== undefined) this.#seal(PURCHASES_FILE, () => file.finish());
  }

  #whole(name: string, parts: Iterable<string>): void {
    const file = this.#try(() => this.#create(name));
    this.#seal(name, () => {
      try {
        for (const part of parts) file.write(part);
        return file.finish();
      } finally {
        file.close();
      }
    });
  }

  #create(name: string): EvidenceFile {
    return new EvidenceFile(join(this.#places.partial, name));
  }

  #seal(name: string, finish: () => string): void {
    this.#evidence[name] = this.#try(finish);
  }

  /** Half a run must not stay: a failure removes the partial folder before it is reported. */
  #try<Result>(write: () => Result): Result {
    try {
      return write();
    } catch (error) {
      this.abandon();
      if (error instanceof LockbenchError) throw error;
      throw storeError("the run's evidence cannot be written", this.#places.final, error);
    }
  }
}

function* withNewlines(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}
