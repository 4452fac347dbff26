import { chmodSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { itWithDisks, makeReadOnly, smallDisk } from "../store/mounts.ts";
import { CORRECT, keptRuns, record, SMALL } from "./support/output.ts";
import { aPlace, lastLine, type Place } from "./support/place.ts";
import type { Ended } from "./support/started.ts";

/** A run that was refused before anything was started: why, what to do, and nothing on stdout. */
function expectRefusal(ended: Ended, place: Place): void {
  expect(ended, ended.stderr).toMatchObject({ exit: 5, stdout: "" });
  expect(ended.stderr).toMatch(/^ {2}next: \S/m);
  expect(ended.stderr.trimEnd().split("\n").at(-1)).toMatch(/^exit 5: /);
  expect(place.left()).toEqual([]);
}

describe("results that cannot be kept", () => {
  itWithDisks("on a read-only disk are refused before anything is started, and can still be judged", async () => {
    const disk = smallDisk(2048);
    const place = aPlace();
    const call = ["run", "v1_basic", ...SMALL.split(" "), "--json", "--results", disk];
    const { id } = record(await place.lockbench(call));
    makeReadOnly(disk);
    const ended = await place.lockbench(call);
    expectRefusal(ended, place);
    expect(ended.stderr).toContain(disk);
    const again = await place.lockbench(["verify", "--results", disk, "--json"]);
    expect(record(again).id).toBe(id);
    expect(CORRECT).toContain(again.exit);
  });

  itWithDisks("because the disk fills up are told after the verdict, and earlier runs are still there", async () => {
    const disk = smallDisk(300);
    const place = aPlace();
    const { id } = record(await place.lockbench(["run", "v1_basic", ...SMALL.split(" "), "--json", "--results", disk]));
    // Room for the beginning, but not for a thousand attempts and purchases.
    const { bsize, bfree } = statfsSync(disk);
    writeFileSync(`${disk}/filler`, Buffer.alloc(bsize * bfree - 100_000));
    const call = ["run", "v1_basic", "--users", "1000", "--stock", "1000", "--results", disk];
    const ended = await place.lockbench(call);
    expect(ended.exit, ended.stderr).toBe(5);
    expect(ended.stdout).toMatch(/oversold.*PASS/);
    expect(lastLine(ended)).toMatch(/^exit 5: .*could not be kept: .*ENOSPC/);
    expect(place.left()).toEqual([]);
    expect(record(await place.lockbench(["verify", "--results", disk, "--json"])).id).toBe(id);
  });

  itWithDisks("on a disk that is full already are refused before anything is started", async () => {
    const disk = smallDisk(128);
    const { bsize, bfree } = statfsSync(disk);
    writeFileSync(`${disk}/filler`, Buffer.alloc(bsize * bfree));
    const place = aPlace();
    const ended = await place.lockbench(["run", "v1_basic", "--results", `${disk}/results`]);
    expectRefusal(ended, place);
    expect(ended.stderr).toMatch(/expected free space on its disk.*ENOSPC/);
  });

  it("because a file is in the way are refused, and the file stays as it is", async () => {
    const place = aPlace();
    place.write("results", "mine");
    const ended = await place.lockbench("run v1_basic");
    expectRefusal(ended, place);
    expect(ended.stderr).toMatch(/results, expected a folder/);
    expect(readFileSync(place.file("results"), "utf8")).toBe("mine");
  });

  it("because the summary of earlier runs is damaged are refused with the command that moves it aside", async () => {
    const place = aPlace();
    const { id } = record(await place.lockbench(`run v1_basic ${SMALL} --json`));
    const database = place.file("results/lockbench.db");
    const damaged = "SQLite format 3\0 and then nothing that makes sense".repeat(99);
    writeFileSync(database, damaged);
    const ended = await place.lockbench("run v1_basic");
    expectRefusal(ended, place);
    expect(ended.stderr).toMatch(/next: .*mv .*lockbench\.db/);
    expect(readFileSync(database, "utf8")).toBe(damaged);
    expect(keptRuns(place)).toEqual([id]);
    expect(record(await place.lockbench("verify --json")).id).toBe(id);
  });
});

describe("the disk of the shop itself", () => {
  itWithDisks("that fills up in the middle of the sale is named as what went wrong, and the run is kept", async () => {
    const disk = smallDisk(700);
    const runtime = `${disk}/runtime`;
    mkdirSync(runtime, { mode: 0o700 });
    const place = aPlace({ runtime });
    const ended = await place.lockbench("run v1_basic --run-time 2s --users 8 --stock 100000 --json");
    expect(ended.exit, ended.stdout).toBe(5);
    expect(ended.stderr).toMatch(/^exit 5: the environment failed: .*disk full/m);
    expect(place.left()).toEqual([]);
    expect(keptRuns(place)).toEqual([record(ended).id]);
    expect(record(ended).checks.find(({ name }) => name === "oversold")?.verdict).not.toBe("fail");
  });

  itWithDisks("that is too small to begin with ends in an error, with nothing left running", async () => {
    const runtime = `${smallDisk(100)}/runtime`;
    const place = aPlace({ runtime });
    const ended = await place.lockbench(`run v1_basic ${SMALL}`);
    expect(ended.exit).toBe(5);
    expect(ended.stderr).toMatch(/disk( or database)? is full|ENOSPC|no space left/i);
    expect(place.left()).toEqual([]);
  });
});

describe("a runtime folder that cannot be used", () => {
  it("because it is a file, or others may write there, is refused before anything is started", async () => {
    const place = aPlace();
    place.write("file", "mine");
    mkdirSync(place.file("shared"));
    chmodSync(place.file("shared"), 0o777);
    for (const name of ["file", "shared"]) {
      const ended = await place.lockbench("run v1_basic", { env: { LOCKBENCH_RUNTIME_DIR: place.file(name) } });
      expectRefusal(ended, place);
      expect(ended.stderr).toMatch(/runtime folder[^]*set LOCKBENCH_RUNTIME_DIR to/);
    }
  });
});

describe("a port that is taken", () => {
  it.each(["run", "up"])("is named with whoever holds it, and is not taken away: lockbench %s", async (command) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const place = aPlace();
    const ended = await place.lockbench(`${command} v1_basic --port ${port}`);
    expectRefusal(ended, place);
    expect(ended.stderr).toContain(`port taken: ${port} on 127.0.0.1`);
    expect(ended.stderr).toContain(`pid ${String(process.pid)}`);
    expect(server.listening).toBe(true);
  });

  it("by a stack that stays is named with the command that frees it", async () => {
    const place = aPlace();
    await place.lockbench("up v1_basic --port 20001");
    const ended = await place.lockbench("run v1_basic --lock lua --port 20001");
    expect(ended.exit).toBe(5);
    expect(ended.stderr).toMatch(/port taken: 20001[^]*lockbench down/);
  });
});
