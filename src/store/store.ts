import { existsSync } from "node:fs";
import { environmentError, type LockbenchError } from "../domain/errors.ts";
import type { Plan } from "../domain/plan.ts";
import type { RunRecord } from "../domain/record.ts";
import { type RunSummary, summarise } from "../domain/run-summary.ts";
import type { Host } from "../host/host.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "../host/processes.ts";
import { partialFolder, runFolder } from "./layout.ts";
import { proveWritable, removeStale } from "./results-folder.ts";
import { newRunId } from "./run-id.ts";
import { openRunWriter, type RunWriter } from "./run-writer.ts";
import { codeOf, storeError } from "./store-error.ts";
import { guarded, openSummaries } from "./summaries.ts";
import type { SummaryDatabase } from "./summary-database.ts";

/** Ids carry the millisecond and 16 random bits: so many collisions in a row mean that chance is broken. */
const MOST_DRAWS = 100;

/** What the store needs of the machine. */
export type StoreHost = Pick<Host, "processes" | "chance">;

/** Where runs are kept: a folder for each, and a summary of all. */
export interface Store {
  readonly folder: string;
  /**
   * Proves that a run can be kept, before anything is started for it, and clears up after writers that died.
   * @returns what was removed or could not be read, a line each
   * @throws LockbenchError (exit 5): read-only, disk full, something in the way, a damaged summary
   */
  prepare(): readonly string[];
  /**
   * Claims a new id and opens the run's files; `prepare` comes first.
   * @throws LockbenchError (exit 5)
   */
  begin(plan: Plan, startedAt: Date): RunWriter;
  /** The latest runs, newest first; `prepare` comes first. */
  latest(limit: number): readonly RunSummary[];
  /** Gives the summary's file back; harmless when called twice. */
  close(): void;
}

/** The store in a folder, usually `results/`. Nothing is read or written until `prepare`. */
export function openStore(folder: string, host: StoreHost): Store {
  return new FolderStore(folder, host);
}

class FolderStore implements Store {
  readonly folder: string;
  readonly #host: StoreHost;
  readonly #self: ProcessIdentity;
  #database: SummaryDatabase | undefined;

  constructor(folder: string, host: StoreHost) {
    this.folder = folder;
    this.#host = host;
    this.#self = ownIdentity(host.processes);
  }

  prepare(): readonly string[] {
    proveWritable(this.folder, this.#self);
    const removed = removeStale(this.folder, (writer) => isAlive(this.#host.processes, writer));
    this.close();
    const { database, remarks } = openSummaries(this.folder);
    this.#database = database;
    return [...removed, ...remarks];
  }

  begin(plan: Plan, startedAt: Date): RunWriter {
    for (let draw = 0; draw < MOST_DRAWS; draw += 1) {
      const writer = this.#claim(plan, newRunId(plan.scenario, startedAt, this.#host.chance.hex(2)));
      if (writer !== undefined) return writer;
    }
    throw noFreeId(this.folder);
  }

  latest(limit: number): readonly RunSummary[] {
    return guarded(this.folder, () => this.#summaries().latest(limit));
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  /** @returns undefined when another run has this id already */
  #claim(plan: Plan, id: string): RunWriter | undefined {
    const places = { id, partial: partialFolder(this.folder, id, this.#self), final: runFolder(this.folder, id) };
    if (existsSync(places.final)) return undefined;
    try {
      return openRunWriter(places, {
        plan,
        run: id,
        kept: (record) => {
          this.#summarise(record);
        },
      });
    } catch (error) {
      if (codeOf(error) === "EEXIST") return undefined;
      throw storeError("results cannot be written", this.folder, error);
    }
  }

  #summarise(record: RunRecord): void {
    guarded(this.folder, () => {
      this.#summaries().add([summarise(record)]);
    });
  }

  #summaries(): SummaryDatabase {
    if (this.#database === undefined) throw new Error("the store must be prepared before it is used");
    return this.#database;
  }
}

function noFreeId(folder: string): LockbenchError {
  return environmentError(
    "RESULTS_NO_FREE_ID",
    `no id is free for a new run: ${folder}, expected one within ${String(MOST_DRAWS)} draws, found all taken`,
    { hint: "run again, or give another folder with --results" },
  );
}
