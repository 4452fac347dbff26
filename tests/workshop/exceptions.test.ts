import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import fastGlob from "fast-glob";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

const exception = /(?:\/\/|\/\*)\s*(?:eslint-disable|@ts-(?:ignore|nocheck|expect-error)|prettier-ignore)/;
const explained = / -- \S/;

test("every exception to a rule says why on its own line", async () => {
  const files = await fastGlob("{bin,src,scripts,bench,tests}/**/*.{ts,js,mjs,cjs}", { cwd: root });
  const silent: string[] = [];
  for (const file of files) {
    const lines = (await readFile(resolve(root, file), "utf8")).split("\n");
    lines.forEach((line, at) => {
      if (exception.test(line) && !explained.test(line)) silent.push(`${file}:${String(at + 1)}: ${line.trim()}`);
    });
  }

  expect(files.length).toBeGreaterThan(20);
  expect(silent).toEqual([]);
});
