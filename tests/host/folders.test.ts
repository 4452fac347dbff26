import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../src/host/folders.ts";
import { temporaryFolder } from "../support/folders.ts";

test("a folder is made with all that are missing above it, and again without harm", () => {
  const folder = join(temporaryFolder(), "a", "b", "c");
  makeFolder(folder, 0o700);
  makeFolder(folder, 0o700);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("where nothing can be made it fails instead of going round for ever", () => {
  expect(() => {
    makeFolder("/proc/lockbench/results");
  }).toThrow(/ENOENT/);
});

test("a file in the way is no folder", () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  expect(() => {
    makeFolder(join(file, "below"));
  }).toThrow(/ENOTDIR/);
});
