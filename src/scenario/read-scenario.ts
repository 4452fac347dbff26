import { basename, dirname, extname, relative, resolve } from "node:path";
import { findBasketMistakes } from "./basket-mistakes.ts";
import { findCrossMistakes } from "./cross-mistakes.ts";
import { findFaultMistakes } from "./fault-mistakes.ts";
import { findFileMistakes } from "./file-mistakes.ts";
import type { Layers } from "./layers.ts";
import type { Mistake } from "../host/yaml/mistake.ts";
import { Mistakes } from "../host/yaml/mistakes.ts";
import { isMapping } from "../host/yaml/path.ts";
import { loadLayers } from "./load-layers.ts";
import type { Scenario } from "./scenario.ts";
import { expectation } from "../host/yaml/issues.ts";
import { scenarioSchema } from "./schema/scenario.ts";
import { readSections } from "../host/yaml/sections.ts";
import { targetSchema } from "./schema/target.ts";
import { findSqlMistakes } from "./sql-mistakes.ts";
import { findTargetMistakes } from "./target-mistakes.ts";
import { type FolderOf, targetPlan } from "./target-plan.ts";
import { findTemplateMistakes } from "./template-mistakes.ts";

export interface ReadOptions {
  /** Files below this folder are named relative to it in messages. */
  readonly cwd?: string;
}

/**
 * Reads a scenario file and the target file it refers to; starts nothing.
 * @throws LockbenchError (exit 2) with every mistake as `file:line:column: what: expected …, found …`
 */
export async function readScenario(file: string, options: ReadOptions = {}): Promise<Scenario> {
  const path = resolve(options.cwd ?? ".", file);
  const name = scenarioName(path);
  const { layers, mistakes } = await loadLayers(path);
  if (layers !== undefined) mistakes.add(await findMistakes(name, layers));
  if (layers === undefined || mistakes.any) {
    throw mistakes.toError({
      subject: `scenario ${name}`,
      code: "INVALID_SCENARIO",
      hint: "docs/scenarios.md and docs/bring-your-own.md explain every key",
      spellFile: (one) => spellFile(one, options.cwd),
    });
  }
  const { target, ...spec } = scenarioSchema.parse(layers.value, { error: expectation });
  return { name, file: path, folder: dirname(path), spec, target: targetPlan(target, folderOfTarget(layers)) };
}

/** The folder's name; of a file that is not called scenario.yaml, the file's. */
export function scenarioName(file: string): string {
  return /^scenario\.ya?ml$/.test(basename(file)) ? basename(dirname(file)) : basename(file, extname(file));
}

function spellFile(file: string, cwd: string | undefined): string {
  const short = cwd === undefined ? file : relative(cwd, file);
  return short.startsWith("..") ? file : short;
}

function folderOfTarget(layers: Layers): FolderOf {
  return (path) => layers.locate(["target", ...path]).source.folder;
}

async function findMistakes(name: string, layers: Layers): Promise<readonly Mistake[]> {
  const mistakes = new Mistakes((path) => layers.locate(path));
  const given = layers.value["target"];
  const read = readSections(scenarioSchema, layers.value, [], mistakes, ["target"]);
  const target = given === undefined ? {} : readSections(targetSchema, given, ["target"], mistakes);
  findTemplateMistakes(layers.value, mistakes);
  findCrossMistakes(name, read, target.locks, mistakes);
  if (isMapping(given)) {
    findFaultMistakes(read, target, "start" in given, mistakes);
    findTargetMistakes(target, Object.keys(given), read, mistakes);
    findBasketMistakes(target, read, mistakes);
    findSqlMistakes(target, read, mistakes);
    await findFileMistakes(target, folderOfTarget(layers), mistakes);
  }
  return mistakes.all;
}
