import { join } from "node:path";
import type { FoundScenario, ScenarioPlaces } from "./catalogue.ts";
import { scenarioName } from "./read-scenario.ts";

/** True when a pattern holds `*`, `?`, `[…]` or `{…}`. */
export function isGlob(pattern: string): boolean {
  return /[*?[{]/.test(pattern);
}

/** The named scenarios that a glob such as `v1_*` matches; of one name only the first. */
export async function namesMatching(
  pattern: string,
  known: readonly FoundScenario[],
  { cwd, bundledFolder }: ScenarioPlaces,
): Promise<readonly FoundScenario[]> {
  const folders = [bundledFolder, join(cwd, "scenarios"), cwd];
  const files = new Set((await Promise.all(folders.map((folder) => filesMatching(pattern, folder)))).flat());
  return known
    .filter(({ name, file }, place) => files.has(file) && known.findIndex((other) => other.name === name) === place)
    .filter(({ name }) => isMeant(pattern, name))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The scenarios at the paths that a glob such as `./shops/*` matches. */
export async function pathsMatching(pattern: string, cwd: string): Promise<readonly FoundScenario[]> {
  return (await filesMatching(pattern, cwd))
    .sort()
    .map((file): FoundScenario => ({ name: scenarioName(file), file, origin: "own" }))
    .filter(({ name }) => isMeant(pattern, name));
}

/** A control is broken on purpose: only a glob that speaks of controls means it. */
function isMeant(pattern: string, name: string): boolean {
  return !name.startsWith("control_") || pattern.includes("control");
}

async function filesMatching(pattern: string, cwd: string): Promise<string[]> {
  // Loaded only for globs: a plain `lockbench run v1_stress` should not pay for it.
  const { default: glob } = await import("fast-glob");
  const wanted = /\.ya?ml$/.test(pattern) ? pattern : `${pattern.replace(/\/+$/, "")}/scenario.{yaml,yml}`;
  return glob(wanted, { cwd, absolute: true, ignore: ["**/node_modules/**"], suppressErrors: true });
}
