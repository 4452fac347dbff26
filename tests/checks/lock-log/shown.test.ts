import { expect, test } from "vitest";
import { shown } from "../../../src/checks/lock-log/interleaving.ts";

test("long tokens that begin alike can still be told apart", () => {
  const token = (attempt: number): string => `20260126T031357.298Z-shop-basket-1d09-22${String(attempt)}`;
  expect(shown(token(1))).toBe('"20260126T031357.…98Z-shop-basket-1d09-221"');
  expect(shown(token(1))).not.toBe(shown(token(2)));
  expect(shown("a:7")).toBe('"a:7"');
});
