import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interpolate } from "../../../src/stacks/docker/compose/interpolate.ts";

const VARIABLES: Readonly<Record<string, string>> = { SET: "value", EMPTY: "", _x1: "under" };
const lookup = (name: string) => VARIABLES[name];

const RESULTS: readonly (readonly [template: string, result: string])[] = [
  ["$SET", "value"],
  ["${SET}", "value"],
  ["a${SET}b$SET-c", "avaluebvalue-c"],
  ["$_x1", "under"],
  ["$UNSET|${UNSET}", "|"],
  ["$$SET $${SET} $$$SET", "$SET ${SET} $value"],
  ["${UNSET:-x}${EMPTY:-x}${SET:-x}", "xxvalue"],
  ["${UNSET-x}${EMPTY-x}${SET-x}", "xvalue"],
  ["${UNSET:+x}${EMPTY:+x}${SET:+x}", "x"],
  ["${UNSET+x}|${EMPTY+x}|${SET+x}", "|x|x"],
  ["${SET:?why}${SET?why}${EMPTY?why}", "valuevalue"],
  ["${UNSET:-}", ""],
  ["${UNSET:-${EMPTY:-deep}}", "deep"],
  ["${UNSET:-${SET}}/${UNSET:-a-b:-c?d}", "value/a-b:-c?d"],
  ["${SET:-${UNSET}} end }", "value end }"],
  ["${UNSET:-costs $$5}", "costs $5"],
  ["${SET:+http://${SET}:80}", "http://value:80"],
  ["${UNSET:-two\nlines}", "two\nlines"],
];

const MISTAKES: readonly (readonly [template: string, expected: string, found: string])[] = [
  ["${UNSET:?say who}", "a value for UNSET (say who)", "nothing"],
  ["${UNSET?}", "a value for UNSET", "nothing"],
  ["${EMPTY:?not ${SET}}", "a value for EMPTY (not value)", "an empty value"],
  ["${SET", "a variable", '"${SET"'],
  ["${}", "a variable", '"${}"'],
  ["${1a}", "a variable", '"${1a}"'],
  ["${SET:}", "a variable", '"${SET:}"'],
  ["${SET!x}", "a variable", '"${SET!x}"'],
  ["cost: 5$", "a variable", '"$"'],
  ["$1", "a variable", '"$1"'],
];

describe("variables in a text", () => {
  it.each(RESULTS)("turns %j into %j", (template, result) => {
    expect(interpolate(template, lookup)).toMatchObject({ text: result, mistakes: [] });
  });

  it.each(MISTAKES)("refuses %j, expecting %s", (template, expected, found) => {
    const { mistakes } = interpolate(template, lookup);
    expect(mistakes).toEqual([{ expected: expect.stringContaining(expected) as string, found }]);
  });

  it("names the variables that are neither set nor given a default", () => {
    expect(interpolate("$A ${B} ${C:-c} ${SET:-$D} ${E:-$F}", lookup).unset).toEqual(["A", "B", "F"]);
  });

  it("leaves a text without a dollar sign alone", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const plain = text.replaceAll("$", "");
        expect(interpolate(plain, lookup)).toEqual({ text: plain, unset: [], mistakes: [] });
      }),
    );
  });

  it("gives back any text whose dollar signs are doubled", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(interpolate(text.replaceAll("$", "$$$$"), lookup).text).toBe(text);
      }),
    );
  });

  it("puts any value in as it is, dollar signs and braces included", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(interpolate("<${V}>${W:-$V}", (name) => (name === "V" ? value : undefined)).text).toBe(
          `<${value}>${value}`,
        );
      }),
    );
  });
});
