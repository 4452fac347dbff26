import { expect, it } from "vitest";
import { didYouMean } from "../../src/host/suggest.ts";

it.each([
  ["fif", ["lua", "fifo"], ', did you mean "fifo"?'],
  ["v1_stess", ["v1_basic", "v1_stress"], ', did you mean "v1_stress"?'],
  ["ap", ["redis", "app"], ', did you mean "app"?'],
  // As many letters as there are would have to change.
  ["zz", ["a", "b"], ""],
  ["x", ["a"], ""],
])("%s among %j%s", (typed, known, said) => {
  expect(didYouMean(typed, known)).toBe(said);
});
