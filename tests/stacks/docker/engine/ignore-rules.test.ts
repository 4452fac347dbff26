import { dirname } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rulesOf } from "../../../../src/stacks/docker/engine/ignore-rules.ts";

describe("the rules of a .dockerignore", () => {
  it.each([
    ["*\n!dist/server", "dist", true],
    ["*\n!dist/server", "dist/server", true],
    ["*\n!dist/server", "node_modules", false],
    ["*\n!/dist/server/", "dist", true],
    ["*\n! ./dist/server", "dist", true],
    ["*\n!a/*/c", "a", true],
    ["*\n!a/*/c", "a/b", true],
    ["*\n!a/*/c", "b", false],
    ["*\n!**/c", "anywhere", true],
    ["*\n# !dist", "dist", false],
  ])("%j say of %s that something below may be kept: %s", (text, folder, may) => {
    expect(rulesOf(text).mayKeepBelow(folder)).toBe(may);
  });

  it("never keep anything below a folder that they say holds nothing", () => {
    const part = fc.constantFrom("a", "b", "c");
    const pattern = fc
      .array(fc.constantFrom("a", "b", "c", "*", "**", "?"), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join("/"));
    const line = fc
      .tuple(fc.constantFrom("", "!", "!/", "! "), pattern, fc.constantFrom("", "/"))
      .map((all) => all.join(""));
    const path = fc.array(part, { minLength: 2, maxLength: 5 }).map((parts) => parts.join("/"));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), path, (lines, file) => {
        const rules = rulesOf(lines.join("\n"));
        if (rules.ignores(file)) return;
        for (let folder = dirname(file); folder !== "."; folder = dirname(folder))
          expect(!rules.ignores(folder) || rules.mayKeepBelow(folder)).toBe(true);
      }),
    );
  });
});
