import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plan } from "../../domain/plan.ts";
import { fingerprint } from "../fingerprint.ts";
import { bundledProject } from "./bundled-project.ts";
import { engineAddress } from "./engine/address.ts";
import type { DockerStackOptions } from "./options.ts";
import { settingsOf } from "./settings.ts";
import { composeFileFor } from "./topology.ts";

/** Equal for two plans exactly when containers brought up for one serve the other. */
export async function fingerprintInside(plan: Plan, options: DockerStackOptions): Promise<string> {
  const { runtime, lockbench } = options;
  const settings = await settingsOf(lockbench, runtime.env);
  const { services } = await bundledProject(options, plan, settings, "fingerprint");
  const parts = [
    fingerprint(plan, lockbench),
    readFileSync(composeFileFor(plan, lockbench), "utf8"),
    services.map(({ image }) => image),
    engineAddress(runtime.env).address,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
