import { join } from "node:path";
import { usageError } from "../../domain/errors.ts";
import type { Environment } from "../../host/programs.ts";
import { readEnvFile } from "./compose/surroundings.ts";

const PORT = /^LOCKBENCH_(APP|REDIS\d?)_PORT$/;
const LAST_PORT = 65_535;
/** What the Compose files and the Dockerfile take where nothing else is said. */
const USUAL_IMAGES = new Map([
  ["LOCKBENCH_REDIS_IMAGE", "redis:7-bookworm"],
  ["LOCKBENCH_NODE_IMAGE", "node:20-bookworm-slim"],
]);

/** The environment, over what a `.env` beside the bundled Compose files says. */
export async function settingsOf(lockbench: string, env: Environment): Promise<Environment> {
  const read = await readEnvFile(join(lockbench, "compose", ".env"), (name) => env[name]);
  // What cannot be read is told of when the Compose file is read.
  if (read === undefined || typeof read === "string") return env;
  const beside = Object.entries(read.variables).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries<string>(beside), ...env };
}

/**
 * Looks at the settings of the bundled Compose files, since a mistake in one is no mistake of the file.
 * @throws LockbenchError (exit 2) that names the variable
 */
export function requireUsableSettings(env: Environment): void {
  for (const [name, value = ""] of Object.entries(env)) {
    if (value === "") continue;
    if (PORT.test(name) && !isPort(value)) throw unusable(name, `a port from 1 to ${String(LAST_PORT)}`, value);
    const usual = USUAL_IMAGES.get(name);
    if (usual !== undefined && !/^[\w.:/@-]+$/.test(value)) {
      throw unusable(name, `the name of an image, such as ${usual}`, value);
    }
  }
}

/** The images that are built upon, by the variable that names another one. */
export function baseImages(env: Environment): ReadonlyMap<string, string> {
  const chosen = (variable: string, usual: string): string => {
    const given = env[variable] ?? "";
    return given === "" ? usual : given;
  };
  return new Map([...USUAL_IMAGES].map(([variable, usual]) => [variable, chosen(variable, usual)]));
}

/** The ports that are asked for, by service. */
export function askedPorts(env: Environment): ReadonlyMap<string, number> {
  const asked = Object.entries(env).flatMap(([name, value = ""]) => {
    const service = PORT.exec(name)?.[1]?.toLowerCase();
    return service === undefined || value === "" ? [] : [[service, Number(value)] as const];
  });
  return new Map(asked);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= LAST_PORT;
}

function unusable(name: string, expected: string, found: string): Error {
  return usageError(`${name}: expected ${expected}, found ${JSON.stringify(found)}`, `correct or unset ${name}`);
}
