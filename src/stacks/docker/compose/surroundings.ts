import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../../domain/errors.ts";
import type { Mistake } from "../../../host/yaml/mistake.ts";
import { type EnvFile, parseEnvFile } from "./env-file.ts";
import type { Lookup } from "./interpolate.ts";

/** Where the `${…}` of a Compose file get their values from. */
export interface Surroundings {
  readonly lookup: Lookup;
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Mistake[];
}

/** The given variables, over those of a `.env` beside the Compose file. */
export async function readSurroundings(
  folder: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Surroundings> {
  const given: Lookup = (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  const read = await readEnvFile(join(folder, ".env"), given);
  if (read === undefined) return { lookup: given, mistakes: [], warnings: [] };
  if (typeof read === "string") {
    const mistake = { file: join(folder, ".env"), line: 1, column: 1, message: `expected a file, found ${read}` };
    return { lookup: given, mistakes: [mistake], warnings: [] };
  }
  const beside = new Map(Object.entries(read.variables));
  const { mistakes, warnings } = read;
  return { lookup: (name) => given(name) ?? beside.get(name) ?? undefined, mistakes, warnings };
}

/** undefined where there is no such file, a text that says why where it cannot be read. */
export async function readEnvFile(file: string, lookup: Lookup): Promise<EnvFile | string | undefined> {
  try {
    return parseEnvFile(file, await readFile(file, "utf8"), lookup);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT" ? undefined : messageOf(error);
  }
}
