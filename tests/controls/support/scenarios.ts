import { readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ControlPlan, Plan } from "../../../src/domain/plan.ts";
import { readScenario } from "../../../src/scenario/read-scenario.ts";
import { resolvePlan } from "../../../src/scenario/resolve-plan.ts";

export const PACKAGE = resolve(import.meta.dirname, "../../..");
export const SCENARIOS = join(PACKAGE, "scenarios");
const BROKEN_MAIN = "${lockbench}/dist/controls/main.js";
const SOUND_MAIN = join(import.meta.dirname, "base-shop.mjs");

/** The names of the bundled shops that are broken on purpose. */
export const CONTROLS: readonly string[] = readdirSync(SCENARIOS).filter((name) => name.startsWith("control_"));

export interface ControlScenario {
  readonly control: ControlPlan;
  readonly lock: string | null;
  /** What the broken server is started with; undefined where it is the sound server. */
  readonly flaw: string | undefined;
}

/** @throws LockbenchError when the scenario cannot be used */
export async function readControl(name: string): Promise<ControlScenario> {
  const plan = resolvePlan(await readScenario(join(SCENARIOS, name, "scenario.yaml"), { cwd: PACKAGE }));
  if (plan.control === null) throw new Error(`${name}: it does not say what is broken`);
  return { control: plan.control, lock: plan.lock, flaw: flawOf(plan) };
}

function flawOf({ target }: Plan): string | undefined {
  const [, main, flaw] = target.start?.command ?? [];
  return main === BROKEN_MAIN ? flaw : undefined;
}

/** Writes a control in which everything is the same but the flaw. */
export async function writeWithoutFlaw(name: string, folder: string): Promise<void> {
  const broken = textOf(name);
  const sound = broken.replace(BROKEN_MAIN, SOUND_MAIN).replace("lock: none", "lock: fifo");
  if (sound === broken) throw new Error(`${name}: its flaw was not found, so it was not taken out`);
  await write(folder, name, sound);
}

/** Writes a sound scenario that claims to be broken. */
export async function writeMislabelled(name: string, folder: string): Promise<void> {
  await write(folder, `control_${name}`, `${textOf(name)}control: { flaw: none at all, check: oversold }\n`);
}

/** A bundled scenario as it can be read from any folder. */
function textOf(name: string): string {
  const text = readFileSync(join(SCENARIOS, name, "scenario.yaml"), "utf8");
  return text.replaceAll("../shop.target.yaml", join(SCENARIOS, "shop.target.yaml"));
}

async function write(folder: string, name: string, text: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "scenario.yaml"), text);
}
