import type { Mistakes } from "../../../host/yaml/mistakes.ts";
import { isMapping, type Mapping, type Path } from "../../../host/yaml/path.ts";
import { interpolate, type Lookup } from "./interpolate.ts";

export interface Reports {
  readonly mistakes: Mistakes;
  /** Takes what is odd but allowed: a variable that is not set. */
  readonly warnings: Mistakes;
}

/** The same data with its variables replaced. Keys stay as they are, as the Compose specification has it. */
export function interpolateValues(value: unknown, base: Path, lookup: Lookup, reports: Reports): unknown {
  return walk(value, base, []);

  function walk(here: unknown, path: Path, around: readonly unknown[]): unknown {
    if (typeof here === "string") return interpolateText(here, path);
    if (typeof here === "bigint") return Number.isSafeInteger(Number(here)) ? Number(here) : String(here);
    if (around.includes(here)) {
      reports.mistakes.expected(path, "a value that ends", "an alias of what it stands in");
      return null;
    }
    if (Array.isArray(here)) {
      return (here as readonly unknown[]).map((entry, place) => walk(entry, [...path, place], [...around, here]));
    }
    return isMapping(here) ? walkMapping(here, path, [...around, here]) : here;
  }

  function walkMapping(mapping: Mapping, path: Path, around: readonly unknown[]): Mapping {
    return Object.fromEntries(
      Object.entries(mapping).map(([key, inner]) => [key, walk(inner, [...path, key], around)]),
    );
  }

  function interpolateText(text: string, path: Path): string {
    const result = interpolate(text, lookup);
    for (const { expected, found } of result.mistakes) reports.mistakes.expected(path, expected, found);
    for (const name of result.unset) {
      reports.warnings.at(path, (where) => `${where}: ${name} is not set, an empty text stands in for it`);
    }
    return result.text;
  }
}
