import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { markdownPage } from "../../src/reporters/markdown-page.ts";

const PAGE = `# A title

One paragraph that was
wrapped by its author long ago.

- an item that is
  continued here
- another

\`\`\`
code  | that stays  exactly as it was written
- here
\`\`\`

| check  | what it means                    |
| ------ | -------------------------------- |
| \`sold\` | a \\| b, and so many words more |
`;

describe("a page of Markdown", () => {
  it("that fits stays as it was written", () => {
    expect(markdownPage(PAGE, 60)).toBe(PAGE);
  });

  it("is set anew where it is too wide, but for its code", () => {
    const lines = markdownPage(PAGE, 24).split("\n");
    expect(lines).toContain("One paragraph that was");
    expect(lines).toContain("code  | that stays  exactly as it was written");
    expect(lines).toEqual(expect.arrayContaining(["- an item that is", "  continued here", "- another"]));
    expect(lines.filter((line) => line.length > 24)).toEqual(["code  | that stays  exactly as it was written"]);
    expect(lines.join("\n")).toMatch(/│ `sold` │ a \| b, and *│/);
    const narrower = markdownPage(PAGE, 20).split("\n");
    expect(narrower.slice(2, 5)).toEqual(["One paragraph that", "was wrapped by its", "author long ago."]);
    expect(narrower).toEqual(expect.arrayContaining(["- an item that is", "  continued here"]));
  });

  it("loses no word of any README of ours", () => {
    const words = (text: string): string[] =>
      text
        .replaceAll(/[-─│┌┐└┘├┤┬┴┼|\s]+/g, "")
        .split("")
        .sort();
    const folder = join(import.meta.dirname, "../../scenarios");
    for (const name of readdirSync(folder, { withFileTypes: true })) {
      if (!name.isDirectory()) continue;
      const text = readFileSync(join(folder, name.name, "README.md"), "utf8");
      expect(words(markdownPage(text, 80)), name.name).toEqual(words(text));
    }
  });
});
