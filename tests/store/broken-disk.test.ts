import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { History } from "../../src/domain/history.ts";
import { systemHost } from "../../src/host/host.ts";
import { loadRun } from "../../src/store/load-run.ts";
import { openStore } from "../../src/store/store.ts";
import { samplePlan, sampleRecord } from "../support/sample-run.ts";
import { keepRun, preparedStore, thrownBy } from "./kept-run.ts";
import { itWithDisks, makeReadOnly, smallDisk } from "./mounts.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Fills a disk to the last block. */
function fill(disk: string): void {
  for (let size = 65_536; size >= 1; size = Math.floor(size / 4)) {
    try {
      for (let file = 0; ; file += 1)
        writeFileSync(join(disk, `filler-${String(size)}-${String(file)}`), Buffer.alloc(size));
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes("ENOSPC")) throw error;
    }
  }
}

function prepare(folder: string): void {
  openStore(folder, systemHost()).prepare();
}

/** Root may write everywhere, so what root does here it does as somebody who may not. */
function asNobody(action: () => void): void {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    action();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe("results that cannot be written", () => {
  it("are reported when a file is in the way", () => {
    const file = join(temporaryFolder(), "results");
    writeFileSync(file, "mine");
    const error = thrownBy(() => {
      prepare(file);
    });
    expect(error).toMatchObject({ code: "RESULTS_NOT_A_FOLDER", exit: 5 });
    expect(String(error)).toContain(file);
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  it("are reported when a file is in the way further up", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "mine");
    const error = thrownBy(() => {
      prepare(join(file, "results"));
    });
    expect(error).toMatchObject({ code: "RESULTS_NOT_A_FOLDER", exit: 5 });
  });

  it("are reported when the folder belongs to somebody else", () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    const error = thrownBy(() => {
      asNobody(() => {
        prepare(folder);
      });
    });
    expect(error).toMatchObject({ code: "RESULTS_NOT_WRITABLE", exit: 5 });
  });

  itWithDisks("are reported when the disk is read-only, and runs kept there can still be judged again", async () => {
    const disk = smallDisk(1024);
    const store = preparedStore(disk);
    const record = await keepRun(store);
    store.close();
    makeReadOnly(disk);
    const error = thrownBy(() => {
      prepare(disk);
    });
    expect(error).toMatchObject({ code: "RESULTS_NOT_WRITABLE", exit: 5 });
    expect(error.hint).toContain("--results");
    expect(String(error)).toContain(disk);
    expect(loadRun(disk)).toMatchObject({ record: { id: record.id }, damage: [] });
  });

  itWithDisks("are reported before anything is started when the disk is full", () => {
    const disk = smallDisk(512);
    fill(disk);
    const error = thrownBy(() => {
      prepare(join(disk, "results"));
    });
    expect(error).toMatchObject({ code: "RESULTS_DISK_FULL", exit: 5 });
    expect(error.hint).toContain("df -h");
  });

  itWithDisks("leave no half run and every earlier one when the disk fills up in the middle", async () => {
    const disk = smallDisk(1024);
    const store = preparedStore(disk);
    const earlier = await keepRun(store);
    const history = new History(0n);
    for (let attempt = 0; attempt < 100_000; attempt += 1) history.begin(attempt, 0, attempt);
    const writer = store.begin(samplePlan(), new Date());
    await expect(writer.attempts(history)).rejects.toMatchObject({ code: "RESULTS_DISK_FULL", exit: 5 });
    expect(readdirSync(disk).sort()).toEqual([earlier.id, "lockbench.db"]);
    expect(loadRun(disk)).toMatchObject({ record: { id: earlier.id }, damage: [] });
    const later = await keepRun(store);
    expect(store.latest(9).map(({ id }) => id)).toEqual([later.id, earlier.id]);
    store.close();
  });

  itWithDisks("leave no half run when the disk fills up while purchases are kept", () => {
    const disk = smallDisk(512);
    const store = preparedStore(disk);
    const writer = store.begin(samplePlan(), new Date());
    const keepMany = (): void => {
      for (let row = 0; row < 100_000; row += 1) {
        writer.purchase({ id: String(row), buyer: `buyer-${String(row)}`, product: "1", quantity: 1 });
      }
    };
    expect(thrownBy(keepMany)).toMatchObject({ code: "RESULTS_DISK_FULL" });
    expect(readdirSync(disk)).toEqual(["lockbench.db"]);
    store.close();
  });

  itWithDisks("leave no half run when the very record no longer fits", () => {
    const disk = smallDisk(512);
    const store = preparedStore(disk);
    const writer = store.begin(samplePlan(), new Date());
    writer.stock([]);
    fill(disk);
    const finish = (): unknown => writer.finish({ ...sampleRecord(), id: writer.id });
    expect(thrownBy(finish)).toMatchObject({ code: "RESULTS_DISK_FULL", exit: 5 });
    expect(existsSync(join(disk, writer.id))).toBe(false);
    expect(readdirSync(disk).filter((name) => name.endsWith(".partial"))).toEqual([]);
    store.close();
  });
});
