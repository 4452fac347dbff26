import { catalogue, type ScenarioPlaces } from "./catalogue.ts";
import { readScenario } from "./read-scenario.ts";
import type { Scenario } from "./scenario.ts";

/**
 * The scenarios that are named and that there are, each read once.
 * @throws LockbenchError (exit 2) when one of them has mistakes itself
 */
export async function scenariosOf(
  columns: readonly { readonly scenarios: readonly string[] }[],
  places: ScenarioPlaces,
): Promise<ReadonlyMap<string, Scenario>> {
  const known = await catalogue(places);
  const named = [...new Set(columns.flatMap(({ scenarios }) => scenarios))];
  const found = named.flatMap((name) => known.find((one) => one.name === name) ?? []);
  const read = found.map(async ({ name, file }) => [name, await readScenario(file, { cwd: places.cwd })] as const);
  return new Map(await Promise.all(read));
}
