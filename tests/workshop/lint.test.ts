import { resolve } from "node:path";
import { ESLint } from "eslint";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const eslint = new ESLint({ cwd: root });

const pureFile = "src/domain/random.ts";
const roomWithEffects = "src/run/settle.ts";
const manyLines = (count: number): string => "void 0;\n".repeat(count);

/** A rule of the house, a file that must keep it, and code that does not. The files exist; their text is replaced. */
const breaches: readonly (readonly [rule: string, file: string, code: string])[] = [
  ["@typescript-eslint/no-explicit-any", pureFile, "export const loose: any = 1;"],
  ["@typescript-eslint/no-non-null-assertion", pureFile, "export const first = (list: number[]) => list[0]!;"],
  ["@typescript-eslint/no-floating-promises", roomWithEffects, "Promise.resolve(1);"],
  [
    "@typescript-eslint/consistent-type-imports",
    roomWithEffects,
    'import { Plan } from "../domain/plan.ts"; export type P = Plan;',
  ],
  [
    "@typescript-eslint/switch-exhaustiveness-check",
    pureFile,
    'export function f(v: "a" | "b"): void { switch (v) { case "a": return; } }',
  ],
  ["no-restricted-properties", roomWithEffects, "process.exit(1);"],
  ["no-restricted-properties", "tests/workshop/lint.test.ts", "process.exit(1);"],
  ["no-restricted-properties", roomWithEffects, "export const now = Date.now();"],
  ["no-restricted-properties", roomWithEffects, "export const chance = Math.random();"],
  ["no-restricted-properties", pureFile, "export const chance = Math.random();"],
  ["no-restricted-syntax", roomWithEffects, "export const now = new Date();"],
  ["no-restricted-globals", pureFile, "export const now = Date.now();"],
  ["no-restricted-globals", "src/checks/check.ts", "export const now = new Date();"],
  ["no-console", roomWithEffects, 'console.log("hello");'],
  ["max-lines", pureFile, manyLines(251)],
  ["max-lines-per-function", pureFile, `export function long(): void {\n${manyLines(50)}}`],
];

// The first one loads the types of the whole project.
test.each(breaches)("%s is enforced in %s", { timeout: 90_000 }, async (rule, file, code) => {
  const [result] = await eslint.lintText(code, { filePath: resolve(root, file) });

  expect(result?.messages.map(({ ruleId }) => ruleId)).toContain(rule);
});
