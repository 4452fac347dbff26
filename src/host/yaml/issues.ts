import type * as z from "zod";
import type { Mistakes } from "./mistakes.ts";
import { type Path, spellFound, valueAt } from "./path.ts";
import { didYouMean } from "../suggest.ts";

type Issue = z.core.$ZodIssue;

const KIND_NAMES: Readonly<Record<string, string>> = {
  object: "a mapping",
  record: "a mapping",
  array: "a list",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

/** Completes "expected …" where a schema has no words of its own. */
export function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === "invalid_type" ? KIND_NAMES[String(issue.expected)] : undefined;
}

/**
 * Says what the schema found wrong.
 * @param base the path of `value` in the scenario
 */
export function reportIssues(issues: readonly Issue[], base: Path, value: unknown, mistakes: Mistakes): void {
  for (const issue of issues.flatMap(sharpest)) {
    const inside = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
    const path = [...base, ...inside];
    if (issue.code === "unrecognized_keys") {
      reportUnknownKeys(issue.keys, issue.message.split(", "), path, mistakes);
    } else {
      const found = valueAt(value, inside);
      const suggestion =
        issue.code === "invalid_value" && typeof found === "string" ? didYouMean(found, issue.values.map(String)) : "";
      mistakes.expected(path, issue.message, spellFound(found) + suggestion);
    }
  }
}

export function reportUnknownKeys(
  keys: readonly string[],
  known: readonly string[],
  path: Path,
  mistakes: Mistakes,
): void {
  for (const key of keys) {
    mistakes.at(
      [...path, key],
      (where) => `${where}: unknown key, expected one of ${known.join(", ")}, found "${key}"${didYouMean(key, known)}`,
      "key",
    );
  }
}

/**
 * Where a value may have one of several forms, the mistakes inside the form
 * that it has: `redis: {external: [5]}` is a list gone wrong, not a number.
 */
function sharpest(issue: Issue): readonly Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const form = issue.errors.find((inner) => inner.length > 0 && inner.every(({ path }) => path.length > 0));
  if (form === undefined) return [issue];
  return form.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(sharpest);
}
