import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth, truncate, visible, wrap } from "../../src/reporters/width.ts";

describe("wrapping", () => {
  it("breaks at spaces, and long names behind an underscore", () => {
    expect(wrap("one two three", 8)).toEqual(["one two", "three"]);
    expect(wrap("control_release_before_write", 20)).toEqual(["control_release_", "before_write"]);
    expect(wrap("aaaaaaaaaa", 4)).toEqual(["aaaa", "aaaa", "aa"]);
  });

  it("never exceeds the width, and loses nothing but spaces", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), fc.integer({ min: 2, max: 40 }), (text, columns) => {
        const lines = wrap(text, columns);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        const squeezed = (shown: string): string => shown.replaceAll(/[ \t\r\n]/g, "");
        expect(squeezed(lines.join(""))).toBe(squeezed(text.split(/\r?\n/).map(visible).join("")));
      }),
    );
  });

  it("counts wide characters twice and combining ones not at all", () => {
    expect(displayWidth("限量")).toBe(4);
    expect(displayWidth("e\u0301")).toBe(1);
    expect(truncate("限量版", 5)).toBe("限量…");
    expect(truncate("abc", 3)).toBe("abc");
  });
});

describe("what a shop said", () => {
  it("cannot move the cursor or change colours", () => {
    expect(visible("\u001b[31mred\u0007\u202e")).toBe("\\u001b[31mred\\u0007\\u202e");
  });
});
