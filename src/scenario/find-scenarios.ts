import { relative, resolve } from "node:path";
import { type LockbenchError, usageError } from "../domain/errors.ts";
import { catalogue, type FoundScenario, isFile, scenarioFileIn, type ScenarioPlaces } from "./catalogue.ts";
import { isGlob, namesMatching, pathsMatching } from "./glob-scenarios.ts";
import { listScenarios } from "./list-scenarios.ts";
import { scenarioName } from "./read-scenario.ts";
import { didYouMean } from "../host/suggest.ts";

export interface FoundScenarios {
  /** In the order in which they were asked for, each once. */
  readonly scenarios: readonly FoundScenario[];
  /** What the user should know, such as a bundled scenario that is hidden by one of theirs. */
  readonly notes: readonly string[];
}

/**
 * Finds scenarios by names, globs (`v1_*`), and paths to a folder or its scenario.yaml.
 * @throws LockbenchError (exit 2) naming every pattern that finds nothing
 */
export async function findScenarios(patterns: readonly string[], places: ScenarioPlaces): Promise<FoundScenarios> {
  const known = await catalogue(places);
  const results = await Promise.all(patterns.map((pattern) => findOne(pattern, known, places)));
  const unknown = results.filter((result) => typeof result === "string");
  if (unknown.length > 0) throw notFound(unknown);
  const found = results.filter((result) => typeof result !== "string").flat();
  const scenarios = found.filter(({ file }, place) => found.findIndex((other) => other.file === file) === place);
  return { scenarios, notes: scenarios.flatMap((one) => shadowNote(one, known, places)) };
}

function notFound(lines: readonly string[]): LockbenchError {
  return usageError(lines.join("\n"), "`lockbench list` shows the scenarios there are");
}

/** What a pattern finds, or why it finds nothing. */
async function findOne(
  pattern: string,
  known: readonly FoundScenario[],
  places: ScenarioPlaces,
): Promise<readonly FoundScenario[] | string> {
  const isPath = /[/\\]/.test(pattern) || pattern === "." || pattern === ".." || /\.ya?ml$/.test(pattern);
  if (isGlob(pattern)) {
    const matches = await (isPath ? pathsMatching(pattern, places.cwd) : namesMatching(pattern, known, places));
    return matches.length > 0 ? matches : `scenario: nothing matches the glob "${pattern}"`;
  }
  if (isPath) return findPath(pattern, places.cwd);
  const named = known.find(({ name }) => name === pattern);
  if (named !== undefined) return [named];
  const aliased = (await listScenarios(places)).find(({ aliases }) => aliases.includes(pattern));
  if (aliased !== undefined) return [aliased];
  const names = known.map(({ name }) => name);
  return `scenario: expected the name of a scenario or a path to its folder, found "${pattern}"${didYouMean(pattern, names)}`;
}

async function findPath(path: string, cwd: string): Promise<readonly FoundScenario[] | string> {
  const absolute = resolve(cwd, path);
  const file = (await isFile(absolute)) ? absolute : await scenarioFileIn(absolute);
  if (file !== undefined) return [{ name: scenarioName(file), file, origin: "own" }];
  return `scenario: expected a folder with a scenario.yaml, or the file itself, found none at ${absolute}`;
}

function shadowNote(one: FoundScenario, known: readonly FoundScenario[], { cwd }: ScenarioPlaces): readonly string[] {
  const hidden = known.find(({ name, file }) => name === one.name && file !== one.file);
  if (hidden === undefined) return [];
  const other = hidden.origin === "bundled" ? "the bundled scenario of that name" : hidden.file;
  return [`scenario ${one.name}: using ${relative(cwd, one.file)}, not ${other}`];
}
