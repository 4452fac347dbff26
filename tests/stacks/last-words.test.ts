import { expect, test } from "vitest";
import { lastWords } from "../../src/stacks/last-words.ts";

const banner = (at: string): string =>
  `4711:C 26 Nov 2026 03:35:${at}.000 # WARNING Memory overcommit must be enabled! Without it, a background save may fail`;

test("the end of a log is its last lines, and an empty log is called so", () => {
  expect(lastWords(["one", " two", "three"], 2)).toBe("its log ends: two | three");
  expect(lastWords([], 2)).toBe("its log is empty");
});

test("what every start says stands there once", () => {
  expect(lastWords(["listening on 4001", "sold", "listening on 4002"], 3)).toBe(
    "its log ends: sold | listening on 4002",
  );
});

test("Redis' warning of each start is no word on how it ended", () => {
  expect(lastWords([banner("01"), "out of memory", banner("02")], 3)).toBe("its log ends: out of memory");
  expect(lastWords([banner("01"), banner("02")], 3)).toBe("its log says nothing of it");
});
