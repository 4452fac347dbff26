import { LockbenchError } from "../domain/errors.ts";
import { catalogue, type FoundScenario, type ScenarioPlaces } from "./catalogue.ts";
import { readScenario } from "./read-scenario.ts";

/** A line of `lockbench list`. */
export interface ListedScenario extends FoundScenario {
  /** null when the scenario cannot be used. */
  readonly title: string | null;
  readonly tags: readonly string[];
  /** Other names under which it is found. */
  readonly aliases: readonly string[];
  /** True for one that is broken on purpose. */
  readonly control: boolean;
  /** Why it cannot be used, or null. */
  readonly problem: string | null;
}

/** Every scenario that can be run by its name here, sorted by name; a broken one is listed with its problem. */
export async function listScenarios(places: ScenarioPlaces): Promise<readonly ListedScenario[]> {
  const known = await catalogue(places);
  const visible = known.filter(({ name }, place) => known.findIndex((other) => other.name === name) === place);
  const listed = await Promise.all(visible.map((one) => listOne(one, places.cwd)));
  return listed.sort((a, b) => a.name.localeCompare(b.name));
}

async function listOne(found: FoundScenario, cwd: string): Promise<ListedScenario> {
  try {
    const { spec } = await readScenario(found.file, { cwd });
    const { title, tags, aliases, control } = spec;
    return { ...found, title, tags, aliases, control: control !== undefined, problem: null };
  } catch (error) {
    if (!(error instanceof LockbenchError)) throw error;
    const control = found.name.startsWith("control_");
    return { ...found, title: null, tags: [], aliases: [], control, problem: error.message };
  }
}
