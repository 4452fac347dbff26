import { resolve } from "node:path";
import { usageError } from "../domain/errors.ts";
import { findScenarios } from "../scenario/find-scenarios.ts";
import { listScenarios } from "../scenario/list-scenarios.ts";
import { readScenario } from "../scenario/read-scenario.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Context } from "./context.ts";

/** Where this command looks for scenarios. */
export function placesOf(context: Context): { readonly cwd: string; readonly bundledFolder: string } {
  return { cwd: context.host.cwd, bundledFolder: resolve(context.packageFolder, "scenarios") };
}

/**
 * The scenarios that were asked for, read and valid. Without a name or path, every sound scenario with one of the tags.
 * @throws LockbenchError (exit 2) when nothing was asked for, or nothing fits
 */
export async function selectScenarios(
  context: Context,
  patterns: readonly string[],
  tags: readonly string[] | undefined,
): Promise<readonly Scenario[]> {
  const scenarios = patterns.length > 0 ? await named(context, patterns) : await tagged(context, tags);
  const fitting = scenarios.filter(({ spec }) => tags === undefined || spec.tags.some((tag) => tags.includes(tag)));
  if (fitting.length === 0)
    throw usageError(`--tags ${(tags ?? []).join(",")}: no scenario has one of these tags`, LIST);
  return fitting;
}

async function named(context: Context, patterns: readonly string[]): Promise<readonly Scenario[]> {
  const { scenarios, notes } = await findScenarios(patterns, placesOf(context));
  for (const note of notes) context.console.note(note);
  return Promise.all(scenarios.map(({ file }) => readScenario(file, { cwd: context.host.cwd })));
}

async function tagged(context: Context, tags: readonly string[] | undefined): Promise<readonly Scenario[]> {
  if (tags === undefined) throw usageError("scenario: expected at least one name, glob or path, found none", LIST);
  const listed = (await listScenarios(placesOf(context))).filter(({ problem }) => problem === null);
  // Shops that are broken on purpose are run only when their tag is asked for by name.
  const wanted = listed.filter(({ control }) => !control || tags.includes("control"));
  return Promise.all(wanted.map(({ file }) => readScenario(file, { cwd: context.host.cwd })));
}

const LIST = "`lockbench list` shows the scenarios there are";
