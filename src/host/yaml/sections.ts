import * as z from "zod";
import type { Mistakes } from "./mistakes.ts";
import { isMapping, type Mapping, type Path, spellFound } from "./path.ts";
import { expectation, reportIssues, reportUnknownKeys } from "./issues.ts";

/**
 * Reads each key of a mapping by itself, so that one broken section does not
 * hide what is wrong between the sound ones. Broken sections are left out.
 * @param elsewhere keys that are known here but read by somebody else
 */
export function readSections<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  value: unknown,
  base: Path,
  mistakes: Mistakes,
  elsewhere: readonly string[] = [],
): Partial<z.output<z.ZodObject<Shape>>> {
  if (!isMapping(value)) {
    mistakes.expected(base, "a mapping", spellFound(value));
    return {};
  }
  const known = Object.keys(schema.shape);
  reportUnknownKeys(
    Object.keys(value).filter((key) => !known.includes(key)),
    known,
    base,
    mistakes,
  );
  const here = Object.entries(schema.shape).filter(([key]) => !elsewhere.includes(key));
  const sound = here.map(([key, section]) => readSection(key, section, value, base, mistakes));
  return Object.fromEntries(sound.flat()) as Partial<z.output<z.ZodObject<Shape>>>;
}

function readSection(
  key: string,
  section: z.core.$ZodType,
  value: Mapping,
  base: Path,
  mistakes: Mistakes,
): readonly (readonly [string, unknown])[] {
  const result = z.safeParse(section, value[key], { error: expectation });
  if (result.success) return [[key, result.data]];
  reportIssues(result.error.issues, [...base, key], value[key], mistakes);
  return [];
}
