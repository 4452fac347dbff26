import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { systemHost } from "../../src/host/host.ts";
import { isAlive, ownIdentity } from "../../src/host/processes.ts";
import { partialFolder, writerOf } from "../../src/store/layout.ts";
import { openStore } from "../../src/store/store.ts";
import { sampleHistory, samplePlan, sampleRecord } from "../support/sample-run.ts";
import { keepRun, preparedStore, thrownBy } from "./kept-run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const plan = JSON.stringify(samplePlan());
const dead = { pid: 4_194_304, startTime: "1" };

function visibleNames(folder: string): string[] {
  return readdirSync(folder).sort();
}

describe("keeping a run", () => {
  it("leaves its folder with record and evidence, and a line in the summary", async () => {
    const folder = join(temporaryFolder(), "deep", "results");
    const store = preparedStore(folder);
    const record = await keepRun(store);
    expect(visibleNames(folder)).toEqual([record.id, "lockbench.db"]);
    expect(visibleNames(join(folder, record.id))).toEqual([
      "attempts.csv",
      "plan.json",
      "purchases.ndjson",
      "record.json",
      "stock.json",
    ]);
    expect(store.latest(10)).toMatchObject([
      { id: record.id, scenario: "v1_stress", sold: 100, tps: 4321.09, p99Ms: 18.4 },
    ]);
    store.close();
  });

  it("has a file for purchases even when the shop sold nothing", async () => {
    const folder = temporaryFolder();
    const store = preparedStore(folder);
    const writer = store.begin(samplePlan(), new Date());
    await writer.attempts(sampleHistory());
    writer.stock([]);
    const { evidence } = writer.finish({ ...sampleRecord(), id: writer.id });
    expect(readFileSync(join(folder, writer.id, "purchases.ndjson"), "utf8")).toBe("");
    expect(Object.keys(evidence).sort()).toEqual(["attempts.csv", "plan.json", "purchases.ndjson", "stock.json"]);
    store.close();
  });

  it("leaves nothing of a run that is abandoned, however often", async () => {
    const folder = temporaryFolder();
    const store = preparedStore(folder);
    const writer = store.begin(samplePlan(), new Date());
    await writer.attempts(sampleHistory());
    expect(visibleNames(folder)).toHaveLength(2);
    writer.abandon();
    writer.abandon();
    expect(visibleNames(folder)).toEqual(["lockbench.db"]);
    store.close();
  });

  it("lists the newest runs first", async () => {
    const store = preparedStore(temporaryFolder());
    const older = await keepRun(store, new Date("2026-01-01T00:00:00Z"));
    const newer = await keepRun(store, new Date("2026-01-02T00:00:00Z"));
    expect(store.latest(5).map(({ id }) => id)).toEqual([newer.id, older.id]);
    expect(store.latest(1).map(({ id }) => id)).toEqual([newer.id]);
    store.close();
  });
});

describe("a writer that died", () => {
  it("has its half-written run removed by the next command", () => {
    const folder = temporaryFolder();
    const partial = partialFolder(folder, "20261123T150405.123Z-v1_stress-ab12", dead);
    mkdirSync(partial);
    writeFileSync(join(partial, "attempts.csv"), "attempt,");
    const store = openStore(folder, systemHost());
    expect(store.prepare()).toEqual([`removed what a process that died had half written: ${partial}`]);
    expect(existsSync(partial)).toBe(false);
    store.close();
  });

  it("is told from a living one that was given the same number", () => {
    const folder = temporaryFolder();
    const reused = partialFolder(folder, "20261123T150405.123Z-v1_stress-ab12", { pid: process.pid, startTime: "1" });
    mkdirSync(reused);
    preparedStore(folder).close();
    expect(existsSync(reused)).toBe(false);
  });

  it("is really killed here, in the middle of a run", async () => {
    const folder = temporaryFolder();
    const child = execa("node", [join(import.meta.dirname, "half-written-run.mjs"), folder, plan], { reject: false });
    const partials = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".partial"));
    await expect
      .poll(() => partials().length > 0 && existsSync(join(folder, partials()[0] ?? "", "attempts.csv")))
      .toBe(true);
    const other = openStore(folder, systemHost());
    other.prepare();
    expect(partials(), "a living writer's folder stays").toHaveLength(1);
    child.kill("SIGKILL");
    await child;
    expect(other.prepare()).toHaveLength(1);
    expect(visibleNames(folder)).toEqual(["lockbench.db"]);
    other.close();
  });

  it("who had moved the run but not summarised it gets it summarised by the next command", async () => {
    const folder = temporaryFolder();
    const store = preparedStore(folder);
    const record = await keepRun(store);
    store.close();
    new Database(join(folder, "lockbench.db")).exec("DELETE FROM runs").close();
    const next = preparedStore(folder);
    expect(next.latest(5).map(({ id }) => id)).toEqual([record.id]);
    next.close();
  });

  it("is recognised by the name of its folder, whatever the system calls a start time", () => {
    for (const startTime of ["12345", "unknown", "Mon Nov 23 15:04:05 2026", "a.7-b/ü"]) {
      const name = partialFolder("", "20261123T150405.123Z-v1.7-8.partial-ab12", { pid: 42, startTime });
      expect(name).toMatch(/^[\w.%-]+$/);
      expect(writerOf(name)).toEqual({ pid: 42, startTime });
    }
    const self = ownIdentity(systemHost().processes);
    expect(isAlive(systemHost().processes, writerOf(partialFolder("", "x", self)) ?? dead)).toBe(true);
  });
});

describe("the summary of runs", () => {
  it("is rebuilt from the records when it is missing", async () => {
    const folder = temporaryFolder();
    const store = preparedStore(folder);
    const records = [await keepRun(store), await keepRun(store)];
    store.close();
    rmSync(join(folder, "lockbench.db"));
    const next = preparedStore(folder);
    expect(new Set(next.latest(9).map(({ id }) => id))).toEqual(new Set(records.map(({ id }) => id)));
    next.close();
  });

  it("is rebuilt without the records that cannot be read, and says which", async () => {
    const folder = temporaryFolder();
    const store = preparedStore(folder);
    const record = await keepRun(store);
    const broken = await keepRun(store);
    store.close();
    rmSync(join(folder, "lockbench.db"));
    writeFileSync(join(folder, broken.id, "record.json"), "{");
    const next = openStore(folder, systemHost());
    expect(next.prepare()).toEqual([expect.stringContaining(join(broken.id, "record.json"))]);
    expect(next.latest(9).map(({ id }) => id)).toEqual([record.id]);
    next.close();
  });

  it.each([
    ["text", () => Buffer.from("this is no database\n".repeat(100))],
    ["a database with a torn page", tornDatabase],
    ["another program's tables", foreignDatabase],
  ])("that is %s is reported with the command that moves it aside, and stays as it is", (_, content) => {
    const folder = temporaryFolder();
    const file = join(folder, "lockbench.db");
    const bytes = content();
    writeFileSync(file, bytes);
    const error = thrownBy(() => openStore(folder, systemHost()).prepare());
    expect(error).toMatchObject({ code: "RESULTS_DATABASE_CORRUPT", exit: 5 });
    expect(error.hint).toContain(`mv ${file} ${file}.damaged`);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it("takes the runs of two lockbench that write at once", async () => {
    const folder = temporaryFolder();
    const script = [join(import.meta.dirname, "many-runs.mjs"), folder, plan, JSON.stringify(sampleRecord()), "15"];
    await Promise.all([execa("node", script), execa("node", script)]);
    const store = preparedStore(folder);
    expect(store.latest(100)).toHaveLength(30);
    expect(visibleNames(folder).filter((name) => name !== "lockbench.db")).toHaveLength(30);
    store.close();
  });
});

/** A valid database of ours in which a page in the middle was overwritten. */
function tornDatabase(): Buffer {
  const file = join(temporaryFolder(), "lockbench.db");
  const store = openStore(join(file, ".."), systemHost());
  store.prepare();
  store.close();
  const database = new Database(file);
  const insert = database.prepare("INSERT INTO runs VALUES (?, 's', 'l', 'pass', 0, 'r', 't', 1, 1, 1, 1, 1, 1, 1, 1)");
  database.transaction(() => {
    for (let run = 0; run < 500; run += 1) insert.run(`run-${String(run)}`);
  })();
  database.close();
  return readFileSync(file).fill(0x5a, 8192, 12_288);
}

function foreignDatabase(): Buffer {
  const file = join(temporaryFolder(), "foreign.db");
  new Database(file).exec("CREATE TABLE runs (distance REAL)").close();
  return readFileSync(file);
}
