import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { scenarioName } from "./read-scenario.ts";

/** Where scenarios are looked for by name. */
export interface ScenarioPlaces {
  /** The folder in which lockbench was called. */
  readonly cwd: string;
  /** The scenarios that come with lockbench. */
  readonly bundledFolder: string;
}

export interface FoundScenario {
  readonly name: string;
  /** Absolute path of its scenario.yaml. */
  readonly file: string;
  readonly origin: "bundled" | "own";
}

/** Every scenario that has a name here; of one name the user's own comes first, the bundled one last. */
export async function catalogue({ cwd, bundledFolder }: ScenarioPlaces): Promise<readonly FoundScenario[]> {
  const bundled = await scenariosIn(bundledFolder, "bundled");
  const own = [...(await scenariosIn(join(cwd, "scenarios"), "own")), ...(await scenariosIn(cwd, "own"))];
  const bundledFiles = new Set(await Promise.all(bundled.map(({ file }) => realpath(file))));
  const reallyOwn: FoundScenario[] = [];
  for (const one of own) if (!bundledFiles.has(await realpath(one.file))) reallyOwn.push(one);
  return [...reallyOwn, ...bundled];
}

/** The scenario file of a folder, or undefined where there is none. */
export async function scenarioFileIn(folder: string): Promise<string | undefined> {
  for (const name of ["scenario.yaml", "scenario.yml"]) {
    if (await isFile(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** Folders that begin with a dot or an underscore are not for running. */
async function scenariosIn(folder: string, origin: FoundScenario["origin"]): Promise<readonly FoundScenario[]> {
  const names = (await namesIn(folder)).filter((name) => /^[^._]/.test(name) && name !== "node_modules");
  const files = await Promise.all(names.sort().map((name) => scenarioFileIn(join(folder, name))));
  return files.flatMap((file) => (file === undefined ? [] : [{ name: scenarioName(file), file, origin }]));
}

/** A folder that is not there, or may not be read, has no scenarios. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
