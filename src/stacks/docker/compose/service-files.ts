import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Mistakes } from "../../../host/yaml/mistakes.ts";
import type { Path } from "../../../host/yaml/path.ts";
import type { Lookup } from "./interpolate.ts";
import type { Reports } from "./interpolate-values.ts";
import type { ServiceSpec } from "./schema/service.ts";
import { readEnvFile } from "./surroundings.ts";

export type Variables = Readonly<Record<string, string>>;

/** The variables of a service's env_files; later files win, and may use what earlier ones say. */
export async function readEnvFiles(
  { env_file: files = [] }: Partial<ServiceSpec>,
  path: Path,
  folder: string,
  lookup: Lookup,
  { mistakes, warnings }: Reports,
): Promise<Variables> {
  const merged: Record<string, string | undefined> = {};
  for (const [place, { path: name, required }] of files.entries()) {
    const file = resolve(folder, name);
    const read = await readEnvFile(file, (variable) => lookup(variable) ?? merged[variable]);
    if (read === undefined || typeof read === "string") {
      if (required || read !== undefined) {
        mistakes.expected([...path, "env_file", place], "a file that can be read", read ?? `no ${file}`);
      }
      continue;
    }
    mistakes.add(read.mistakes);
    warnings.add(read.warnings);
    for (const [key, value] of Object.entries(read.variables)) merged[key] = value ?? lookup(key);
  }
  return definedOnly(merged);
}

export function definedOnly(variables: Readonly<Record<string, string | undefined>>): Variables {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}

/** What an image is built from must be there before anything is started. */
export async function findBuildMistakes(
  { build }: Partial<ServiceSpec>,
  path: Path,
  folder: string,
  mistakes: Mistakes,
): Promise<void> {
  if (build === undefined) return;
  const context = resolve(folder, build.context);
  const dockerfile = resolve(context, build.dockerfile);
  const is = (file: string) => stat(file).catch(() => undefined);
  if ((await is(context))?.isDirectory() !== true) {
    mistakes.expected([...path, "build", "context"], "a folder that exists", `no ${context}`);
  } else if ((await is(dockerfile))?.isFile() !== true) {
    mistakes.expected([...path, "build", "dockerfile"], "a Dockerfile that exists", `no ${dockerfile}`);
  }
}
