import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentError, messageOf, usageError } from "../domain/errors.ts";
import { scenarioFileIn, type ScenarioPlaces } from "./catalogue.ts";

/** Folder of the bundled scenarios that holds the files of a new scenario; `{{name}}` and `{{schema}}` are filled in. */
const TEMPLATE_FOLDER = "_template";
const FILES = ["scenario.yaml", "README.md"] as const;

export interface NewScenario {
  readonly folder: string;
  readonly files: readonly string[];
}

/**
 * Makes `<cwd>/<name>/` with a scenario that runs as it is.
 * @throws LockbenchError: exit 2 for a bad or taken name, exit 5 when the files cannot be written
 */
export async function initScenario(name: string, places: ScenarioPlaces): Promise<NewScenario> {
  requireGoodName(name);
  if ((await scenarioFileIn(join(places.bundledFolder, name))) !== undefined) {
    throw usageError(`init: expected a new name, found the bundled scenario "${name}"`, `try "my_${name}"`);
  }
  const folder = join(places.cwd, name);
  await makeFolder(folder);
  const schema = join(places.bundledFolder, "..", "docs", "scenario.schema.json");
  const files = await Promise.all(
    FILES.map(async (file) => {
      const template = await readFile(join(places.bundledFolder, TEMPLATE_FOLDER, file), "utf8");
      const content = template.replaceAll("{{name}}", name).replaceAll("{{schema}}", schema);
      await writeFile(join(folder, file), content, { flag: "wx" });
      return join(folder, file);
    }),
  );
  return { folder, files };
}

function requireGoodName(name: string): void {
  if (name.startsWith("control_")) {
    throw usageError(
      `init: expected a name that does not begin with control_, found "${name}"`,
      "controls are broken on purpose",
    );
  }
  if (/^[A-Za-z][\w-]{0,63}$/.test(name)) return;
  throw usageError(
    `init: expected a name of letters, digits, _ and - that begins with a letter, found "${name}"`,
    "such as `lockbench init my-shop`; the folder is made in the folder you are in",
  );
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      throw usageError(
        `init: expected a new folder, found ${folder}`,
        "choose another name, or remove that folder first",
      );
    }
    throw environmentError("INIT_FAILED", `init: cannot make ${folder}: ${messageOf(error)}`, { cause: error });
  }
}
