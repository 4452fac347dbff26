import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultRecord } from "../domain/fault.ts";
import type { History } from "../domain/history.ts";
import type { Plan } from "../domain/plan.ts";
import type { PurchaseRow } from "../domain/purchases.ts";
import type { RunRecord } from "../domain/record.ts";
import type { LockReading, StockReading } from "../domain/truth.ts";
import type { WireLog } from "../domain/wire.ts";
import { wireLogOf } from "../domain/wire-lines.ts";
import { HistoryReader } from "./csv-history.ts";
import { Damage } from "./damage.ts";
import { readChunks } from "./evidence-lines.ts";
import { findRun } from "./find-run.ts";
import { ATTEMPTS_FILE, FAULTS_FILE, LOCKS_FILE, PLAN_FILE, PURCHASES_FILE, STOCK_FILE, WIRE_FILE } from "./layout.ts";
import { parsePlanFile, type PlanFile } from "./plan-file.ts";
import { PurchaseReader } from "./purchase-lines.ts";
import { readRecord, unreadable } from "./record-file.ts";
import { codeOf, storeError } from "./store-error.ts";
import { faultFile, lockFile, stockFile } from "./truth-files.ts";

/** A run as its files tell it now, which is not always what was written. */
export interface LoadedRun {
  readonly record: RunRecord;
  readonly folder: string;
  readonly plan: Plan;
  /** What idempotency keys of this run begin with. */
  readonly run: string;
  readonly history: History;
  /** null when the scenario has no probe for purchases. */
  readonly purchases: readonly PurchaseRow[] | null;
  readonly stock: readonly StockReading[];
  /** null when nobody looked for lock keys. */
  readonly locks: readonly LockReading[] | null;
  readonly faults: readonly FaultRecord[];
  /** null without a wire tap. */
  readonly wire: WireLog | null;
  /** How many files were compared with their sha256. */
  readonly files: number;
  /** What is wrong with the files, the first few, a line each; empty when they are as they were written. */
  readonly damage: readonly string[];
  readonly damageCount: number;
}

/**
 * Reads a run back: by id, by the beginning of an id, by path, or the latest.
 * Evidence that is missing, edited or garbled becomes damage, and the rest is read all the same.
 * @throws LockbenchError: no such run (exit 2); a record or plan that cannot be read (exit 5)
 */
export function loadRun(results: string, which?: string): LoadedRun {
  const folder = findRun(results, which);
  return new RunReader(folder, readRecord(folder)).read();
}

class RunReader {
  readonly #folder: string;
  readonly #record: RunRecord;
  readonly #damage = new Damage();
  #files = 0;

  constructor(folder: string, record: RunRecord) {
    this.#folder = folder;
    this.#record = record;
  }

  read(): LoadedRun {
    const file = this.#plan();
    const history = this.#history(file);
    const purchases = file.plan.target.purchaseProbe === null ? null : this.#purchases();
    const stock = stockFile.read(this.#text(STOCK_FILE) ?? "[]", STOCK_FILE, this.#damage);
    const locks = this.#optional(LOCKS_FILE, (text) => lockFile.read(text, LOCKS_FILE, this.#damage));
    const faults = file.plan.faults.length === 0 ? [] : this.#faults();
    const wire = this.#optional(WIRE_FILE, (text) => wireLogOf(text.split("\n"), 0n));
    return {
      record: this.#record,
      folder: this.#folder,
      plan: file.plan,
      run: file.run,
      history,
      purchases,
      stock,
      locks,
      faults,
      wire,
      files: this.#files,
      damage: this.#damage.lines,
      damageCount: this.#damage.count,
    };
  }

  #plan(): PlanFile {
    try {
      const bytes = readFileSync(join(this.#folder, PLAN_FILE));
      this.#compare(PLAN_FILE, createHash("sha256").update(bytes).digest("hex"));
      return parsePlanFile(bytes.toString("utf8"));
    } catch (error) {
      throw unreadable(join(this.#folder, PLAN_FILE), "the plan of a run", error);
    }
  }

  #history(file: PlanFile): History {
    const reader = new HistoryReader(file.originNs ?? 0n, file.attempts, ATTEMPTS_FILE, this.#damage);
    this.#evidence(ATTEMPTS_FILE, (chunk) => {
      reader.take(chunk);
    });
    return reader.finish();
  }

  #purchases(): readonly PurchaseRow[] {
    const reader = new PurchaseReader(PURCHASES_FILE, this.#damage);
    this.#evidence(PURCHASES_FILE, (chunk) => {
      reader.take(chunk);
    });
    return reader.rows;
  }

  #faults(): readonly FaultRecord[] {
    return faultFile.read(this.#text(FAULTS_FILE) ?? "[]", FAULTS_FILE, this.#damage);
  }

  /** What only some runs leave; null where this one did not. */
  #optional<Content>(name: string, read: (text: string) => Content): Content | null {
    if (this.#record.evidence[name] === undefined && !existsSync(join(this.#folder, name))) return null;
    const text = this.#text(name);
    return text === undefined ? null : read(text);
  }

  /** undefined when the file is not there */
  #text(name: string): string | undefined {
    const text: string[] = [];
    const there = this.#evidence(name, (chunk) => text.push(chunk.toString("utf8")));
    return there ? text.join("") : undefined;
  }

  /** @returns false when the file is not there */
  #evidence(name: string, take: (chunk: Buffer) => void): boolean {
    const path = join(this.#folder, name);
    try {
      this.#compare(name, readChunks(path, take).sha256);
      return true;
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw storeError("the run's evidence cannot be read", path, error);
      this.#damage.add(`${name}: expected a file, found nothing`);
      return false;
    }
  }

  #compare(name: string, sha256: string): void {
    this.#files += 1;
    const expected = this.#record.evidence[name];
    if (expected === undefined) this.#damage.add(`${name}: expected its sha256 in the record, found none`);
    else if (expected !== sha256) this.#damage.add(`${name}: expected sha256 ${expected}, found ${sha256}`);
  }
}
