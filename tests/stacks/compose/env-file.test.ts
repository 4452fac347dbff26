import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEnvFile } from "../../../src/stacks/docker/compose/env-file.ts";

const lookup = (name: string) => ({ OUTSIDE: "out", BOTH: "outer" })[name];
const parse = (text: string) => parseEnvFile("shop.env", text, lookup);

const ENTRIES: readonly (readonly [line: string, variables: Readonly<Record<string, string | null>>])[] = [
  ["A=1", { A: "1" }],
  ["A=", { A: "" }],
  ["A=   ", { A: "" }],
  ["A", { A: null }],
  ["export A=1", { A: "1" }],
  ["  A = 1  ", { A: "1" }],
  ["A: 1", { A: "1" }],
  ["A=x=y:z", { A: "x=y:z" }],
  ["# a comment\n\n   # another\nA=1", { A: "1" }],
  ["A=1 # a comment", { A: "1" }],
  ["A=1# no comment", { A: "1# no comment" }],
  ["A= # a comment", { A: "" }],
  ['A="1 # no comment" # a comment', { A: "1 # no comment" }],
  ["A='it\\'s $B \\n'", { A: "it's $B \\n" }],
  ['A="a\\tb\\n\\"c\\" \\\\ \\$B \\q"', { A: 'a\tb\n"c" \\ $B \\q' }],
  ['A="two\nlines"\nB=2', { A: "two\nlines", B: "2" }],
  ["A=1\r\nB=2\r\n", { A: "1", B: "2" }],
  ["A=1\nB=${A}-$OUTSIDE-${NONE:-d}", { A: "1", B: "1-out-d" }],
  ["BOTH=inner\nB=$BOTH", { BOTH: "inner", B: "outer" }],
  ["A=1\nA=2", { A: "2" }],
  ["A.b-c=1", { "A.b-c": "1" }],
];

describe("a file of variables", () => {
  it.each(ENTRIES)("reads %j", (text, variables) => {
    expect(parse(text)).toEqual({ variables, mistakes: [], warnings: [] });
  });

  it.each(["A='1", 'A="1', "A='1' 2", "=1", "two words=1", "1A=2", "A= 'x"])("refuses %j with its line", (line) => {
    const { mistakes, variables } = parse(`OK=1\n${line}\nAFTER=1`);
    expect(mistakes).toMatchObject([{ file: "shop.env", line: 2, column: 1 }]);
    expect(mistakes[0]?.message).toContain("expected an entry such as KEY=value");
    expect(variables).toMatchObject({ OK: "1" });
  });

  it("says which entry has a broken variable, and goes on", () => {
    const { mistakes, variables } = parse("A=${\nB=2");
    expect(mistakes[0]?.message).toContain("A: expected a variable such as");
    expect(variables["B"]).toBe("2");
  });

  it("warns of a variable that is not set", () => {
    expect(parse("A=x$NONE").warnings).toMatchObject([
      { line: 1, message: expect.stringContaining("NONE is not set") as string },
    ]);
  });

  it("comes to an end whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("A", "B", "=", ":", "'", '"', "\\", "$", "#", "{", "}", " ", "\n", "\r") }),
        (text) => {
          const { variables, mistakes } = parse(text);
          expect(Object.keys(variables).length + mistakes.length).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});
