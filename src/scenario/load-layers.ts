import { resolve } from "node:path";
import { messageOf, usageError } from "../domain/errors.ts";
import { type Layers, oneLayer, overTarget } from "./layers.ts";
import { Mistakes } from "../host/yaml/mistakes.ts";
import { isMapping, type Path, spellFound } from "../host/yaml/path.ts";
import { YamlSource } from "../host/yaml/yaml-source.ts";

export interface Loaded {
  /** undefined when there is no use in looking further. */
  readonly layers: Layers | undefined;
  readonly mistakes: Mistakes;
}

/**
 * Reads a scenario file, and the target file that it names.
 * @throws LockbenchError (exit 2) when the scenario file itself cannot be read
 */
export async function loadLayers(file: string): Promise<Loaded> {
  const source = await readSource(file);
  const mistakes = new Mistakes((path) => ({ source, path }));
  mistakes.add(source.mistakes);
  if (isMapping(source.value)) return { layers: await withTarget(source, source.value["target"], mistakes), mistakes };
  if (!mistakes.any) mistakes.expected([], "a mapping of title, target, products, load, …", spellFound(source.value));
  return { layers: undefined, mistakes };
}

async function readSource(file: string): Promise<YamlSource> {
  try {
    return await YamlSource.read(file);
  } catch (error) {
    throw usageError(
      `scenario: cannot read ${file}: ${messageOf(error)}`,
      "`lockbench list` shows the scenarios there are",
    );
  }
}

/** Where the target cannot be had, the scenario without it: the rest may hold mistakes as well. */
async function withTarget(source: YamlSource, target: unknown, mistakes: Mistakes): Promise<Layers> {
  const overrides = isMapping(target) && "from" in target;
  if (isMapping(target) && !overrides) return oneLayer(source);
  const reference = overrides ? target["from"] : target;
  const where: Path = overrides ? ["target", "from"] : ["target"];
  if (typeof reference !== "string") {
    mistakes.expected(where, "a path to a target file, or the target itself", spellFound(reference));
    return withoutTarget(source);
  }
  try {
    const base = await YamlSource.read(resolve(source.folder, reference));
    mistakes.add(base.mistakes);
    return base.value === undefined ? withoutTarget(source) : overTarget(source, base);
  } catch (error) {
    mistakes.expected(where, "a target file that can be read", `"${reference}" (${messageOf(error)})`);
    return withoutTarget(source);
  }
}

function withoutTarget(source: YamlSource): Layers {
  const layers = oneLayer(source);
  return { ...layers, value: { ...layers.value, target: undefined } };
}
