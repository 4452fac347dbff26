import { execaSync } from "execa";
import { afterEach, it } from "vitest";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const mounted: string[] = [];

afterEach(() => {
  for (const folder of mounted.splice(0)) {
    execaSync("umount", [folder]);
    rmdirSync(folder);
  }
});

/** A disk of its own, of so many KiB, unmounted after the test. */
export function smallDisk(kib: number): string {
  const folder = mkdtempSync(join(tmpdir(), "lockbench-disk-"));
  execaSync("mount", ["-t", "tmpfs", "-o", `size=${String(kib)}k`, "tmpfs", folder]);
  mounted.push(folder);
  return folder;
}

export function makeReadOnly(disk: string): void {
  execaSync("mount", ["-o", "remount,ro", disk]);
}

const mayMount = probe();

/** A test that needs a disk of its own; where mounting is not permitted its name says why it was skipped. */
export function itWithDisks(name: string, test: () => void | Promise<void>): void {
  if (mayMount) it(name, test);
  else it.skip(`${name} [skipped: mounting a tmpfs is not permitted here]`, test);
}

function probe(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "lockbench-disk-"));
  const tried = execaSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { reject: false });
  if (tried.exitCode === 0) execaSync("umount", [folder]);
  rmdirSync(folder);
  return tried.exitCode === 0;
}
