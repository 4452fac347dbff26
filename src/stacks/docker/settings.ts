import { join } from "node:path";
import { usageError } from "../../domain/errors.ts";
import type { Environment } from "../../host/programs.ts";
import { readEnvFile } from "./compose/surroundings.ts";

const PORT = /^LOCKBENCH_(APP|REDIS\d?)_PORT$/;
const IMAGE = /^LOCKBENCH_(NODE|REDIS)_IMAGE$/;
const LAST_PORT = 65_535;
/** What the Compose files and the Dockerfile take where nothing else is said. */
const USUAL_IMAGES = { LOCKBENCH_REDIS_IMAGE: "redis:7-bookworm", LOCKBENCH_NODE_IMAGE: "node:20-bookworm-slim" };

/** The environment, over what a `.env` beside the bundled Compose files says. */
export async function settingsOf(lockbench: string, env: Environment): Promise<Environment> {
  const read = await readEnvFile(join(lockbench, "compose", ".env"), (name) => env[name]);
  // What cannot be read is told of when the Compose file is read.
  if (read === undefined || typeof read === "string") return env;
  const beside = Object.entries(read.variables).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(beside), ...env } as Environment;
}

/**
 * Looks at the settings of the bundled Compose files, since a mistake in one is no mistake of the file.
 * @throws LockbenchError (exit 2) that names the variable
 */
export function requireUsableSettings(env: Environment): void {
  for (const [name, value = ""] of Object.entries(env)) {
    if (value === "") continue;
    if (PORT.test(name) && !isPort(value)) throw unusable(name, `a port from 1 to ${String(LAST_PORT)}`, value);
    if (IMAGE.test(name) && !/^[\w.:/@-]+$/.test(value)) {
      throw unusable(
        name,
        `the name of an image, such as ${Object.entries(USUAL_IMAGES).find(([variable]) => variable === name)?.[1] ?? ""}`,
        value,
      );
    }
  }
}

/** The images that are built upon, by the variable that names another one. */
export function baseImages(env: Environment): ReadonlyMap<string, string> {
  const chosen = (variable: string): string => env[variable] ?? "";
  return new Map(
    Object.entries(USUAL_IMAGES).map(([variable, usual]) => [
      variable,
      chosen(variable) === "" ? usual : chosen(variable),
    ]),
  );
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
